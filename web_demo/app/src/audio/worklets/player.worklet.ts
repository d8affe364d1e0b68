// Plays takes: a thin shell over Playout. Says what happened with the wall clock of the block.

import { toFloat } from "../pcm";
import { Playout } from "../playout";
import { StreamResampler } from "../resample";
import type { FromPlayer, Rewire, ToPlayer } from "./ports";

type Options = { processorOptions?: { rate?: number } };

/** Blocks between two reports of depth: about ten a second. */
const STATE_BLOCKS = 18;

class Player extends AudioWorkletProcessor {
  private sink: MessagePort = this.port;
  private readonly rate: number;
  private readonly playout: Playout;
  private readonly resampler: StreamResampler | null;
  private ready = new Float32Array(0);
  private streamFrame = 0;
  private blocks = 0;
  private energy = 0;
  private energySamples = 0;
  private loud = false;

  constructor(options: Options) {
    super();
    this.rate = options.processorOptions?.rate ?? sampleRate;
    this.playout = new Playout(this.rate);
    this.resampler = this.rate === sampleRate ? null : new StreamResampler(this.rate, sampleRate);
    this.port.onmessage = ({ data }: MessageEvent<Rewire | ToPlayer>) => {
      if (data.type === "port") this.rewire(data.port);
      else this.order(data);
    };
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const out = outputs[0]?.[0];
    if (!out) return true;
    if (this.resampler) this.renderResampled(out, this.resampler);
    else this.playout.render(out, currentFrame);
    this.report();
    this.measure(out);
    return true;
  }

  private rewire(port: MessagePort): void {
    this.sink = port;
    port.onmessage = ({ data }: MessageEvent<ToPlayer>) => this.order(data);
  }

  private order(message: ToPlayer): void {
    if (message.type === "chunk") {
      const samples = toFloat(new Int16Array(message.pcm));
      this.playout.push(message.take, message.position, samples, message.last);
    } else if (message.type === "mark") {
      const taken = this.playout.mark(message.take, message.name, message.position);
      if (!taken) this.say({ type: "mark-late", take: message.take, name: message.name });
    } else if (message.type === "stop") this.playout.stop(message.id);
    else if (message.type === "reset") this.playout.reset();
    else this.playout.duck(message.on);
    this.report();
  }

  private renderResampled(out: Float32Array, resampler: StreamResampler): void {
    const block = new Float32Array(128);
    while (this.ready.length < out.length) {
      this.playout.render(block, this.streamFrame);
      this.streamFrame += block.length;
      const more = resampler.push(block);
      const joined = new Float32Array(this.ready.length + more.length);
      joined.set(this.ready);
      joined.set(more, this.ready.length);
      this.ready = joined;
    }
    out.set(this.ready.subarray(0, out.length));
    this.ready = this.ready.slice(out.length);
  }

  private report(): void {
    const wall = Date.now();
    for (const event of this.playout.takeEvents()) this.say({ type: "event", event, wall });
  }

  private measure(out: Float32Array): void {
    for (const sample of out) this.energy += sample * sample;
    this.energySamples += out.length;
    if (this.energySamples >= sampleRate / 50) {
      const rms = Math.sqrt(this.energy / this.energySamples);
      if (rms > 0 || this.loud) this.say({ type: "level", rms, wall: Date.now() });
      this.loud = rms > 0;
      this.energy = 0;
      this.energySamples = 0;
    }
    if (++this.blocks < STATE_BLOCKS) return;
    this.blocks = 0;
    const { depthMs, targetMs, position } = this.playout;
    this.say({ type: "state", depthMs, targetMs, wall: Date.now(), frame: currentFrame, ...position });
  }

  private say(message: FromPlayer): void {
    this.sink.postMessage(message);
  }
}

registerProcessor("player", Player);
