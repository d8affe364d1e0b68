import { describe, expect, it } from "vitest";

import { JitterTarget } from "../../src/audio/jitterBuffer";
import { DUCK_GAIN, Playout, type PlayoutEvent } from "../../src/audio/playout";
import { between, chance, SEEDS } from "./chance";

const RATE = 24000;
const tone = (from: number, samples: number) =>
  Float32Array.from({ length: samples }, (_, i) => 0.4 * Math.sin((2 * Math.PI * 440 * (from + i)) / RATE));

class Deck {
  readonly playout = new Playout(RATE);
  readonly heard: number[] = [];
  readonly events: PlayoutEvent[] = [];

  run(blocks: number): void {
    for (let i = 0; i < blocks; i++) {
      const out = new Float32Array(128);
      this.playout.render(out, this.heard.length);
      this.heard.push(...out);
      this.events.push(...this.playout.takeEvents());
    }
  }

  collect(): PlayoutEvent[] {
    this.events.push(...this.playout.takeEvents());
    return this.events;
  }

  of<T extends PlayoutEvent["type"]>(type: T): Extract<PlayoutEvent, { type: T }>[] {
    return this.collect().filter((event): event is Extract<PlayoutEvent, { type: T }> => event.type === type);
  }
}

const largestStep = (samples: number[]) =>
  samples.reduce((most, x, i) => Math.max(most, Math.abs(x - (samples[i - 1] ?? x))), 0);

describe("Playout", () => {
  it.each(SEEDS.slice(0, 30))("loses and doubles no sample at any join, whatever the chunks (seed %i)", (seed) => {
    const random = chance(seed);
    const deck = new Deck();
    const sizes = Array.from({ length: between(random, 1, 5) }, () => between(random, 200, 6000));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    let start = 0;
    sizes.forEach((size, index) => {
      for (let at = 0; at < size; ) {
        const count = Math.min(size - at, between(random, 1, 1500));
        deck.playout.push(index + 1, at, tone(start + at, count), at + count === size);
        at += count;
      }
      start += size;
    });
    deck.run(Math.ceil(total / 128) + 10);
    const expected = tone(0, total);
    let wrong = 0;
    for (let i = 121; i < total; i++) if (Math.abs((deck.heard[i] ?? 0) - (expected[i] ?? 0)) > 1e-6) wrong++;
    expect(wrong).toBe(0);
    expect(deck.of("ended").map((event) => event.count.played)).toEqual(sizes);
    const begins = deck.of("started").map((event) => event.frame);
    const ends = deck.of("ended").map((event) => event.frame);
    expect(begins.slice(1)).toEqual(ends.slice(0, -1));
  });

  it.each(SEEDS.slice(0, 30))("accounts for every sample under jitter, repeats and stops (seed %i)", (seed) => {
    const random = chance(seed);
    const deck = new Deck();
    let take = 1;
    let position = 0;
    let phase = 0;
    let sent = 0;
    for (let step = 0; step < 400; step++) {
      const draw = random();
      if (draw < 0.25) {
        const count = between(random, 0, 900);
        const last = random() < 0.2;
        deck.playout.push(take, position, tone(phase, count), last);
        if (random() < 0.2) deck.playout.push(take, position, tone(phase, count), false);
        sent += count;
        phase += count;
        position += count;
        if (last) {
          take++;
          position = 0;
        }
      } else if (draw < 0.27) {
        deck.playout.stop(step);
        take++;
        position = 0;
      }
      deck.run(1);
    }
    deck.playout.stop(999);
    deck.run(4);
    const counts = [...deck.of("ended").map((e) => e.count), ...deck.of("stopped").flatMap((e) => e.counts)];
    const received = counts.reduce((sum, count) => sum + count.received, 0);
    const late = deck.of("late").reduce((sum, event) => sum + event.samples, 0);
    expect(received + late).toBe(sent);
    for (const count of counts) expect(count.played + count.dropped).toBe(count.received);
    expect(new Set(counts.map((count) => count.take)).size).toBe(counts.length);
    expect(largestStep(deck.heard)).toBeLessThan(0.06);
  });

  it("releases on the target, and at once on the last frame", () => {
    const slow = new Deck();
    slow.playout.push(1, 0, tone(0, 1919), false);
    slow.run(20);
    expect(slow.of("started")).toHaveLength(0);
    slow.playout.push(1, 1919, tone(0, 1), false);
    slow.run(1);
    expect(slow.of("started")).toHaveLength(1);

    const short = new Deck();
    short.playout.push(1, 0, tone(0, 480), true);
    short.run(5);
    expect(short.of("ended")[0]?.count).toMatchObject({ received: 480, played: 480, underruns: 0 });
  });

  it("gives each mark back when its position has been played, to the sample", () => {
    const deck = new Deck();
    deck.playout.mark(1, "early", 0);
    deck.playout.mark(1, "middle", 1000);
    deck.playout.mark(1, "beyond", 9999);
    deck.playout.push(1, 0, tone(0, 2400), true);
    deck.run(30);
    const [early, middle, beyond] = deck.of("mark");
    expect([early?.frame, middle?.frame, beyond?.frame]).toEqual([0, 999, 2400]);
    expect(deck.playout.mark(1, "after", 1)).toBe(false);
  });

  it("stops within a block and 5 ms, fades, and says what was heard", () => {
    const deck = new Deck();
    deck.playout.push(1, 0, tone(0, RATE), true);
    deck.playout.push(2, 0, tone(0, RATE), true);
    deck.playout.mark(1, "unheard", 20000);
    deck.run(40);
    const at = deck.heard.length;
    deck.playout.stop(7);
    deck.run(10);
    const lastSound = deck.heard.findLastIndex((x) => x !== 0);
    expect(lastSound - at).toBeLessThanOrEqual(0.005 * RATE);
    expect(largestStep(deck.heard)).toBeLessThan(0.06);
    const [stopped] = deck.of("stopped");
    expect(stopped).toMatchObject({ id: 7, marks: ["unheard"] });
    expect(stopped?.running?.take).toBe(1);
    expect(Math.abs((stopped?.running?.played ?? 0) - at)).toBeLessThanOrEqual(121);
    deck.playout.push(2, RATE, tone(0, 480), true);
    expect(deck.of("late")).toMatchObject([{ take: 2, samples: 480 }]);
  });

  it("ducks by 18 dB within 5 ms and comes back", () => {
    const deck = new Deck();
    deck.playout.push(1, 0, new Float32Array(RATE).fill(0.5), true);
    deck.run(20);
    deck.playout.duck(true);
    deck.run(1);
    expect(deck.heard.at(-1)).toBeCloseTo(0.5 * DUCK_GAIN, 5);
    expect(20 * Math.log10(DUCK_GAIN)).toBeCloseTo(-18, 5);
    deck.playout.duck(false);
    deck.run(2);
    expect(deck.heard.at(-1)).toBeCloseTo(0.5, 5);
  });

  it("grows its target at an underrun and goes on where it stopped", () => {
    const deck = new Deck();
    deck.playout.push(1, 0, tone(0, 2405), false);
    deck.run(40);
    expect(deck.of("underrun")).toMatchObject([{ take: 1, targetMs: 120 }]);
    deck.playout.push(1, 2405, tone(2405, 4000), true);
    deck.run(60);
    expect(deck.of("ended")[0]?.count).toMatchObject({ played: 6405, underruns: 1 });
    expect(largestStep(deck.heard)).toBeLessThan(0.06);
  });

  it("fills a hole with silence, so that positions stay true", () => {
    const deck = new Deck();
    deck.playout.push(1, 0, tone(0, 2000), false);
    deck.playout.push(1, 2480, tone(2480, 1000), true);
    deck.run(40);
    expect(deck.of("ended")[0]?.count).toMatchObject({ received: 3000, missing: 480, played: 3480 });
  });

  it("gives up a take whose end was lost when a later one waits", () => {
    const deck = new Deck();
    deck.playout.push(1, 0, tone(0, 2400), false);
    deck.playout.push(2, 0, tone(0, 2400), true);
    deck.run(Math.ceil((4 * RATE) / 128));
    expect(deck.of("ended").map((event) => [event.count.take, event.complete])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  it("plays a take announced by its number before a later one that came first", () => {
    const deck = new Deck();
    deck.playout.push(3, 0, tone(0, 240), true);
    deck.playout.push(2, 0, tone(0, 240), true);
    deck.run(6);
    expect(deck.of("started").map((event) => event.take)).toEqual([2, 3]);
  });
});

describe("JitterTarget", () => {
  it("grows by half to 400 ms and shrinks slowly to 40 while clean", () => {
    const target = new JitterTarget();
    for (let i = 0; i < 10; i++) target.underrun();
    expect(target.ms).toBe(400);
    target.playedMs(9999);
    expect(target.ms).toBe(400);
    target.playedMs(1);
    expect(target.ms).toBeCloseTo(340);
    for (let i = 0; i < 40; i++) target.playedMs(10_000);
    expect(target.ms).toBe(40);
  });
});
