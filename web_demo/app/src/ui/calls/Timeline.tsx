// Both sides' sound on one axis, and beneath it on the same axis what was said and done.

import { memo, useMemo, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";

import type { CallDetail, Peaks } from "../../net/protocol";
import type { Player } from "../../hooks/usePlayer";
import { clock, spokenTime } from "../../state/format";
import { outline, panned, showing, ticks, whole, zoomed, type Window } from "../../state/timeline";
import { Button } from "../kit/Button";
import { Lanes } from "./Lanes";

type TimelineProps = { call: CallDetail; peaks: Peaks | null; length: number; player: Player; playable: boolean };

const BINS = 700;
const ZOOM = 1.6;

export function Timeline({ call, peaks, length, player, playable }: TimelineProps) {
  const { window, zoom, pan } = useWindow(length, player);
  const { time, playing, play, pause, seek } = player;
  const toggle = () => (playing ? pause() : play());
  return (
    <section className="card timeline" aria-label="Time axis of the call">
      <div className="timeline-head">
        <Button look="primary" icon={playing ? "pause" : "play"} onClick={toggle} disabled={!playable}>
          {playing ? "Pause" : "Play"}
        </Button>
        <p className="timeline-time">
          {clock(time)} <span className="quiet">of {clock(length)}</span>
        </p>
        <div className="timeline-zoom">
          <Button look="quiet" icon="minus" iconOnly onClick={() => zoom(ZOOM)}>
            Show more time
          </Button>
          <Button look="quiet" icon="plus" iconOnly onClick={() => zoom(1 / ZOOM)}>
            Show less time
          </Button>
        </div>
      </div>
      <Axis {...{ window, length, time, seek, zoom, pan, toggle }}>
        <Waves peaks={peaks} window={window} />
        <Ruler window={window} />
        <Lanes call={call} window={window} />
      </Axis>
    </section>
  );
}

/** What is shown, and that it follows the sound while it plays. */
function useWindow(length: number, { time, playing }: Player) {
  const [kept, setKept] = useState<Window | null>(null);
  const asked = kept ?? whole(length);
  const window = playing ? showing(asked, time, length) : asked;
  return {
    window,
    zoom: (factor: number) => setKept(zoomed(window, factor, within(time, window), length)),
    pan: (share: number) => setKept(panned(window, share * (window.to - window.from), length)),
  };
}

function within(time: number, { from, to }: Window): number {
  return time >= from && time <= to ? time : (from + to) / 2;
}

type AxisProps = {
  window: Window;
  length: number;
  time: number;
  seek: (time: number) => void;
  zoom: (factor: number) => void;
  pan: (share: number) => void;
  toggle: () => void;
  children: ReactNode;
};

/** A slider as wide as the window: a click or a key goes to a moment. */
function Axis({ window, length, time, seek, zoom, pan, toggle, children }: AxisProps) {
  const span = window.to - window.from;
  const moment = (event: PointerEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return window.from + (span * (event.clientX - left)) / Math.max(1, width);
  };
  const keys: Record<string, () => void> = {
    ArrowLeft: () => seek(time - 1),
    ArrowRight: () => seek(time + 1),
    "Shift+ArrowLeft": () => seek(time - 5),
    "Shift+ArrowRight": () => seek(time + 5),
    Home: () => seek(0),
    End: () => seek(length),
    PageUp: () => pan(-0.8),
    PageDown: () => pan(0.8),
    "+": () => zoom(1 / ZOOM),
    "-": () => zoom(ZOOM),
    " ": toggle,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = event.key.startsWith("Arrow");
    const order = keys[event.shiftKey && arrow ? `Shift+${event.key}` : event.key];
    if (!order) return;
    event.preventDefault();
    order();
  };
  const place = (time - window.from) / span;
  return (
    <div className="axis">
      <div
        className="axis-slider"
        role="slider"
        tabIndex={0}
        aria-label="Moment of the call"
        aria-valuemin={0}
        aria-valuemax={Math.round(length)}
        aria-valuenow={Math.round(time)}
        aria-valuetext={`${spokenTime(time)} of ${spokenTime(length)}`}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          seek(moment(event));
        }}
        onPointerMove={(event) => {
          if (event.buttons === 1) seek(moment(event));
        }}
      >
        {children}
        {place >= 0 && place <= 1 && <span className="playhead" style={{ left: `${100 * place}%` }} />}
      </div>
    </div>
  );
}

const Waves = memo(function Waves({ peaks, window }: { peaks: Peaks | null; window: Window }) {
  return (
    <div className="waves">
      <Wave side="caller" name="Caller" peaks={peaks?.caller ?? []} seconds={peaks?.seconds ?? 0} window={window} />
      <Wave side="myra" name="Myra" peaks={peaks?.myra ?? []} seconds={peaks?.seconds ?? 0} window={window} />
    </div>
  );
});

type WaveProps = { side: string; name: string; peaks: readonly number[]; seconds: number; window: Window };

function Wave({ side, name, peaks, seconds, window }: WaveProps) {
  const path = useMemo(() => outline(peaks, seconds, window, BINS), [peaks, seconds, window]);
  return (
    <div className={`wave wave-${side}`}>
      <span className="lane-name">{name}</span>
      <svg viewBox={`0 0 ${BINS - 1} 2`} preserveAspectRatio="none" aria-hidden="true">
        <path d={path} />
      </svg>
    </div>
  );
}

function Ruler({ window }: { window: Window }) {
  const span = window.to - window.from;
  return (
    <div className="ruler" aria-hidden="true">
      {ticks(window).map((at) => (
        <span key={at} className="tick" style={{ left: `${(100 * (at - window.from)) / span}%` }}>
          {Number.isInteger(at) ? clock(at) : ""}
        </span>
      ))}
    </div>
  );
}
