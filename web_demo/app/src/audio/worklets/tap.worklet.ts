// Copies what is heard for the recording, in blocks of 100 ms; the sound passes through untouched.

import { int16Of } from "../pcm";
import type { Rewire, TapBlock } from "./ports";

class Tap extends AudioWorkletProcessor {
  private sink: MessagePort = this.port;
  private readonly size = Math.round(sampleRate / 10);
  private block = new Int16Array(this.size);
  private filled = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<Rewire>) => {
      this.sink = data.port;
    };
  }

  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const out = outputs[0]?.[0];
    if (!out) return true;
    const input = inputs[0]?.[0];
    if (input) out.set(input);
    else out.fill(0);
    for (let i = 0; i < out.length; i++) {
      this.block[this.filled++] = int16Of(out[i] ?? 0);
      if (this.filled === this.size) this.send(currentFrame + i + 1 - this.size);
    }
    return true;
  }

  private send(start: number): void {
    const pcm = this.block.buffer;
    const message: TapBlock = { type: "heard", start, wall: Date.now(), pcm };
    this.sink.postMessage(message, [pcm]);
    this.block = new Int16Array(this.size);
    this.filled = 0;
  }
}

registerProcessor("tap", Tap);
