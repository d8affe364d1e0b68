// Myra's sound in the page: player, telephone band, volume, tap, loudspeaker.

import phoneUrl from "./worklets/phone.worklet.ts?worker&url";
import playerUrl from "./worklets/player.worklet.ts?worker&url";
import tapUrl from "./worklets/tap.worklet.ts?worker&url";
import type { Rewire } from "./worklets/ports";

/** Rate of Myra's frames. */
export const MYRA_RATE = 24_000;
const VOLUME_SECONDS = 0.02;

export type SpeakerPorts = { player: MessagePort; tap: MessagePort };

export class Speaker {
  readonly context: AudioContext;
  private readonly gain: GainNode;
  private player: AudioWorkletNode | null = null;
  private phone: AudioWorkletNode | null = null;
  private tap: AudioWorkletNode | null = null;
  private waiting: SpeakerPorts | null = null;
  private phoneOn = false;

  /** In the click: the context is made and started here. */
  constructor(volume: number) {
    this.context = speakerContext();
    this.gain = new GainNode(this.context, { gain: volume });
    void this.context.resume();
  }

  /** Raises what addModule raises: without worklets nothing can be played. */
  async open(): Promise<void> {
    const { context } = this;
    await Promise.all([playerUrl, phoneUrl, tapUrl].map((url) => context.audioWorklet.addModule(url)));
    const mono: AudioWorkletNodeOptions = { outputChannelCount: [1], channelCount: 1, channelCountMode: "explicit" };
    this.player = new AudioWorkletNode(context, "player", {
      numberOfInputs: 0,
      outputChannelCount: [1],
      processorOptions: { rate: MYRA_RATE },
    });
    this.phone = new AudioWorkletNode(context, "phone", mono);
    this.tap = new AudioWorkletNode(context, "tap", mono);
    this.player.connect(this.phone).connect(this.gain).connect(this.tap).connect(context.destination);
    this.setPhoneBand(this.phoneOn);
    if (this.waiting) this.wire(this.waiting);
  }

  /** Leads player and tap to the voice path; again when that moved. Kept until `open` is done. */
  wire(ports: SpeakerPorts): void {
    if (!this.player || !this.tap) {
      this.waiting = ports;
      return;
    }
    this.waiting = null;
    rewire(this.player, ports.player);
    rewire(this.tap, ports.tap);
  }

  setPhoneBand(on: boolean): void {
    this.phoneOn = on;
    const parameter = this.phone?.parameters.get("on");
    if (parameter) parameter.value = on ? 1 : 0;
  }

  setVolume(volume: number): void {
    this.gain.gain.setTargetAtTime(volume, this.context.currentTime, VOLUME_SECONDS);
  }

  get latencyMs(): number | null {
    const { outputLatency } = this.context as { outputLatency?: number };
    return outputLatency === undefined ? null : Math.round(outputLatency * 1000);
  }

  get blocked(): boolean {
    return this.context.state !== "running";
  }

  resume(): Promise<void> {
    return this.context.resume();
  }

  close(): void {
    if (this.context.state !== "closed") void this.context.close();
  }
}

function speakerContext(): AudioContext {
  try {
    return new AudioContext({ sampleRate: MYRA_RATE, latencyHint: "interactive" });
  } catch {
    return new AudioContext({ latencyHint: "interactive" });
  }
}

function rewire(node: AudioWorkletNode, port: MessagePort): void {
  const message: Rewire = { type: "port", port };
  node.port.postMessage(message, [port]);
}
