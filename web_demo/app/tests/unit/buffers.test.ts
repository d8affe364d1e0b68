import { describe, expect, it } from "vitest";

import { FrameRing, SampleRing } from "../../src/utils/audioBufferManager";
import { between, chance, SEEDS } from "./chance";

describe("SampleRing", () => {
  it.each(SEEDS)("gives back what was written, in order, across every wrap and growth (seed %i)", (seed) => {
    const random = chance(seed);
    const ring = new SampleRing(between(random, 1, 16), 5000);
    let written = 0;
    let read = 0;
    for (let step = 0; step < 200; step++) {
      const input = Float32Array.from({ length: between(random, 0, 90) }, (_, i) => written + i);
      written += ring.write(input);
      const out = new Float32Array(between(random, 0, 90));
      const count = ring.read(out);
      if (!out.subarray(0, count).every((x, i) => x === read + i)) expect.unreachable("samples out of order");
      read += count;
      if (random() < 0.3 && ring.length > 0 && ring.shift() !== read++) expect.unreachable("shift");
      if (ring.length !== written - read) expect.unreachable("length");
    }
    expect(read).toBeGreaterThan(0);
  });

  it("refuses what goes beyond its bound and says how much it took", () => {
    const ring = new SampleRing(4, 10);
    expect(ring.write(new Float32Array(8))).toBe(8);
    expect(ring.write(new Float32Array(8))).toBe(2);
    expect(ring.length).toBe(10);
  });

  it("gives its memory back after ten calm seconds", () => {
    const ring = new SampleRing(64, 100_000);
    ring.write(new Float32Array(50_000));
    ring.read(new Float32Array(50_000));
    const grown = ring.capacity;
    for (let i = 0; i < 2000; i++) ring.read(new Float32Array(1));
    expect(ring.capacity).toBeLessThan(grown / 4);
  });
});

describe("FrameRing", () => {
  it.each(SEEDS)("keeps the newest in order and counts what it dropped (seed %i)", (seed) => {
    const random = chance(seed);
    const most = between(random, 2, 40);
    const ring = new FrameRing<number>(2, most);
    const model: number[] = [];
    let dropped = 0;
    for (let next = 0; next < 300; next++) {
      if (random() < 0.6) {
        model.push(next);
        const lost = ring.push(next);
        const expected = model.length > most ? model.shift() : undefined;
        expect(lost).toBe(expected ?? null);
        if (expected !== undefined) dropped++;
      } else {
        expect(ring.shift()).toBe(model.shift() ?? null);
      }
      expect([...ring]).toEqual(model);
    }
    expect(ring.dropped).toBe(dropped);
    ring.clear();
    expect(ring.peek()).toBeNull();
  });

  it("shrinks after a stall", () => {
    const ring = new FrameRing<number>(8, 150);
    for (let i = 0; i < 150; i++) ring.push(i);
    expect(ring.capacity).toBeGreaterThan(100);
    while (ring.length > 0) ring.shift();
    for (let i = 0; i < 4000; i++) {
      ring.push(i);
      ring.shift();
    }
    expect(ring.capacity).toBe(8);
  });
});
