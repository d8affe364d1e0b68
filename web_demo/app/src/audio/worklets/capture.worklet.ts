// The microphone as 20 ms frames of PCM16 at 16 kHz, whatever the context's rate is.

import { CaptureFramer } from "../captureFramer";
import type { MicFrame, Rewire } from "./ports";

class Capture extends AudioWorkletProcessor {
  private sink: MessagePort = this.port;
  private readonly framer = new CaptureFramer(sampleRate);

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<Rewire>) => {
      this.sink = data.port;
    };
  }

  process(inputs: Float32Array[][]): boolean {
    const channel = inputs[0]?.[0];
    if (!channel) return true;
    for (const frame of this.framer.push(channel)) {
      const message: MicFrame = { type: "frame", ...frame, wall: Date.now() };
      this.sink.postMessage(message, [frame.pcm]);
    }
    return true;
  }
}

registerProcessor("capture", Capture);
