// One take as the player keeps it, and what can be counted of it.

import { SampleRing } from "../utils/audioBufferManager";

/** Ten minutes of one take; a reply is seconds. */
const MOST_SECONDS = 600;

export type TakeCount = {
  take: number;
  received: number;
  played: number;
  dropped: number;
  underruns: number;
  /** Samples that never came: a hole between two frames, played as silence. */
  missing: number;
};

type Mark = { name: string; position: number };

export type Take = {
  id: number;
  ring: SampleRing;
  arrived: number;
  played: number;
  refused: number;
  missing: number;
  underruns: number;
  last: boolean;
  started: boolean;
  marks: Mark[];
};

export function newTake(id: number, rate: number): Take {
  return {
    id,
    ring: new SampleRing(rate, rate * MOST_SECONDS),
    arrived: 0,
    played: 0,
    refused: 0,
    missing: 0,
    underruns: 0,
    last: false,
    started: false,
    marks: [],
  };
}

export function countOf(take: Take): TakeCount {
  const received = take.arrived - take.missing;
  return {
    take: take.id,
    received,
    played: take.played,
    dropped: take.ring.length + take.refused,
    underruns: take.underruns,
    missing: take.missing,
  };
}
