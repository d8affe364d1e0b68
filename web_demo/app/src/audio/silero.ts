// Silero's speech detector on ONNX Runtime, in the thread that loads this module. Model and wasm
// are our own assets; nothing loads this module for a page with the VAD off.

import * as ort from "onnxruntime-web/wasm";
import type { InferenceSession, Tensor } from "onnxruntime-web/wasm";
import modelUrl from "@ricky0123/vad-web/dist/silero_vad_v5.onnx?url";

import { rmsOf } from "./pcm";
import type { Spoken } from "./vad";

const RATE = 16_000n;
/** 32 ms at 16 kHz: the only window the model takes. */
export const WINDOW_SAMPLES = 512;
/** Samples of the window before, which the model wants in front. */
const CONTEXT_SAMPLES = 64;

/** Raises what ONNX Runtime raises when the model or its wasm cannot be had. */
export async function loadSilero(): Promise<Silero> {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "error";
  const session = await ort.InferenceSession.create(modelUrl, {
    executionProviders: ["wasm"],
    graphOptimizationLevel: "all",
  });
  const tensor: MakeTensor = (data, dims) => new ort.Tensor("float32", data, dims);
  const rate = new ort.Tensor("int64", BigInt64Array.of(RATE), [1]);
  const silero = new Silero(session, tensor, rate);
  await silero.warmUp();
  return silero;
}

type MakeTensor = (data: Float32Array, dims: number[]) => Tensor;

export class Silero {
  private state: Tensor;
  private readonly window = new Int16Array(WINDOW_SAMPLES);
  private readonly input = new Float32Array(CONTEXT_SAMPLES + WINDOW_SAMPLES);
  private filled = 0;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly session: InferenceSession,
    private readonly tensor: MakeTensor,
    private readonly rate: Tensor,
  ) {
    this.state = this.noState();
  }

  /** The first run compiles; it must not be the caller's first word that waits for it. */
  async warmUp(): Promise<void> {
    await this.run();
    this.state = this.noState();
    this.input.fill(0);
  }

  /** One verdict for each window that the samples complete; each call awaits its turn. */
  push(pcm: Int16Array): Promise<Spoken[]> {
    const verdicts = this.turn.then(() => this.windows(pcm));
    this.turn = verdicts.catch(() => undefined);
    return verdicts;
  }

  private async windows(pcm: Int16Array): Promise<Spoken[]> {
    const found: Spoken[] = [];
    let from = 0;
    while (from < pcm.length) {
      const count = Math.min(WINDOW_SAMPLES - this.filled, pcm.length - from);
      this.window.set(pcm.subarray(from, from + count), this.filled);
      this.filled += count;
      from += count;
      if (this.filled < WINDOW_SAMPLES) break;
      this.filled = 0;
      found.push(await this.judge());
    }
    return found;
  }

  private async judge(): Promise<Spoken> {
    this.input.copyWithin(0, WINDOW_SAMPLES);
    this.window.forEach((sample, i) => (this.input[CONTEXT_SAMPLES + i] = sample / 32768));
    return { probability: await this.run(), rms: rmsOf(this.window) };
  }

  private async run(): Promise<number> {
    const input = this.tensor(this.input, [1, this.input.length]);
    const result = await this.session.run({ input, state: this.state, sr: this.rate });
    const [output, state] = [result["output"], result["stateN"]];
    if (!output || !state) throw new Error("the speech detector's model has other outputs than Silero v5's");
    this.state = state;
    return (output.data as Float32Array)[0] ?? 0;
  }

  private noState(): Tensor {
    return this.tensor(new Float32Array(2 * 128), [2, 1, 128]);
  }
}
