// The telephone's band on the page's own output, switched by the parameter `on`.

import { PhoneBand } from "../phoneBand";

class Phone extends AudioWorkletProcessor {
  private readonly band = new PhoneBand(sampleRate);
  private mix = 0;

  static get parameterDescriptors() {
    return [{ name: "on", defaultValue: 0, minValue: 0, maxValue: 1, automationRate: "k-rate" as const }];
  }

  process(
    inputs: Float32Array[][],
    outputs: Float32Array[][],
    parameters: Record<string, Float32Array>,
  ): boolean {
    const out = outputs[0]?.[0];
    if (!out) return true;
    const input = inputs[0]?.[0];
    const goal = (parameters["on"]?.[0] ?? 0) > 0.5 ? 1 : 0;
    if (goal === 0 && this.mix === 0) {
      if (input) out.set(input);
      else out.fill(0);
      return true;
    }
    const step = 1 / (0.005 * sampleRate);
    for (let i = 0; i < out.length; i++) {
      const dry = input?.[i] ?? 0;
      this.mix = goal > this.mix ? Math.min(1, this.mix + step) : Math.max(goal, this.mix - step);
      out[i] = dry * (1 - this.mix) + this.band.through(dry) * this.mix;
    }
    return true;
  }
}

registerProcessor("phone", Phone);
