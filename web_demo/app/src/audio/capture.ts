// The microphone of a call: opened, watched, rebuilt when a device changes, muted. Only the capture
// is rebuilt; the call and Myra's sound go on.

import type { CaptureSettings, MicTrouble } from "../voice/contract";
import { captureContext, scriptCapture, sourceOf, workletCapture, type CaptureNode } from "./captureNode";
import { listMicrophones, openMicrophone, trackOf, type MicInput } from "./microphone";
import { micErrorOf } from "./micTrouble";

export type CaptureEvents = {
  asking(): void;
  on(label: string): void;
  trouble(trouble: MicTrouble, detail: string): void;
  devices(inputs: MicInput[]): void;
  /** Another port carries the frames from now on. */
  port(port: MessagePort, rate: number, worklet: boolean): void;
  notice(level: "info" | "warning", text: string): void;
};

/** Plugging a headset fires several changes within this. */
const SETTLE_MS = 500;
/** A microphone the system has muted for longer is taken for lost (a call on the telephone, say). */
const MUTED_MS = 3000;
/** Below this a headset has switched to its telephone profile. */
const NARROW_RATE = 16_000;

export class Capture {
  private context: AudioContext;
  private stream: MediaStream | null = null;
  private node: CaptureNode | null = null;
  private muted = false;
  private closed = false;
  private workletsDead = false;
  private defaultLabel = "";
  private settle: ReturnType<typeof setTimeout> | undefined;
  private building: Promise<void> = Promise.resolve();
  private readonly changed = () => this.devicesChanged();

  /** In the click: the context is made here. */
  constructor(
    private settings: CaptureSettings,
    private readonly events: CaptureEvents,
  ) {
    this.context = captureContext();
    void this.context.resume();
    devicesOf(navigator)?.addEventListener("devicechange", this.changed);
  }

  /** Opens the microphone, or opens it anew. Troubles are told, never raised. */
  open(): Promise<void> {
    this.building = this.building.then(() => this.build());
    return this.building;
  }

  configure(settings: CaptureSettings): void {
    const same = JSON.stringify(settings) === JSON.stringify(this.settings);
    this.settings = settings;
    if (!same) void this.open();
  }

  /** Frames keep coming as silence: numbers and speech detection run on. */
  mute(on: boolean): void {
    this.muted = on;
    if (this.stream) trackOf(this.stream).enabled = !on;
  }

  resume(): void {
    void this.context.resume();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.settle);
    devicesOf(navigator)?.removeEventListener("devicechange", this.changed);
    this.release();
    void this.context.close();
  }

  private async build(): Promise<void> {
    if (this.isClosed()) return;
    this.release();
    this.events.asking();
    try {
      const stream = await openMicrophone(this.settings);
      this.stream = stream;
      if (this.isClosed()) {
        this.release();
        return;
      }
      const track = trackOf(stream);
      track.enabled = !this.muted;
      this.watch(track);
      await this.wire(stream);
      await this.tellDevices();
      this.events.on(track.label);
      const { sampleRate } = track.getSettings();
      if (sampleRate !== undefined && sampleRate < NARROW_RATE) {
        this.events.notice("warning", "This headset's microphone is in telephone quality: she will hear less well.");
      }
    } catch (error) {
      this.release();
      const { trouble, message } = micErrorOf(error);
      this.events.trouble(trouble, message);
    }
  }

  private async wire(stream: MediaStream): Promise<void> {
    const { context, source } = sourceOf(this.context, stream);
    this.context = context;
    void context.resume();
    const { port1, port2 } = new MessageChannel();
    this.node = await this.makeNode(source, port1);
    this.events.port(port2, this.node.rate, this.node.worklet);
  }

  private async makeNode(source: AudioNode, port: MessagePort): Promise<CaptureNode> {
    if (!this.workletsDead) {
      try {
        return await workletCapture(this.context, source, port, () => this.workletDied());
      } catch {
        this.workletsDead = true;
      }
    }
    this.events.notice("warning", "Audio worklets do not work here; some of your voice may be lost while the page is busy.");
    return scriptCapture(this.context, source, port);
  }

  private workletDied(): void {
    this.workletsDead = true;
    void this.open();
  }

  private watch(track: MediaStreamTrack): void {
    track.addEventListener("ended", () => this.lost("the device ended its track"));
    track.addEventListener("mute", () => {
      setTimeout(() => {
        if (track.muted && this.isCurrent(track)) this.lost("the system muted the device");
      }, MUTED_MS);
    });
  }

  private lost(detail: string): void {
    if (this.closed || !this.stream) return;
    this.release();
    this.events.trouble("lost", detail);
    void this.open();
  }

  private isCurrent(track: MediaStreamTrack): boolean {
    return this.stream?.getAudioTracks()[0] === track;
  }

  private devicesChanged(): void {
    clearTimeout(this.settle);
    this.settle = setTimeout(() => void this.adapt(), SETTLE_MS);
  }

  /** Rebuilds when the device in use is gone, when none was in use, or when the default is another. */
  private async adapt(): Promise<void> {
    if (this.closed) return;
    const before = this.defaultLabel;
    const inputs = await this.tellDevices();
    if (inputs.length === 0) {
      this.lost("no microphone is left");
      return;
    }
    const used = this.stream ? trackOf(this.stream).getSettings().deviceId : undefined;
    const gone = used === undefined || !inputs.some(({ id }) => id === used);
    const another = this.settings.deviceId === "" && before !== "" && before !== this.defaultLabel;
    if (gone || another) await this.open();
  }

  private async tellDevices(): Promise<MicInput[]> {
    const inputs = await listMicrophones();
    this.defaultLabel = inputs.find(({ id }) => id === "default")?.label ?? "";
    this.events.devices(inputs);
    return inputs;
  }

  private isClosed(): boolean {
    return this.closed;
  }

  private release(): void {
    const { stream, node } = this;
    this.stream = null;
    this.node = null;
    node?.disconnect();
    for (const track of stream?.getTracks() ?? []) track.stop();
  }
}


/** Undefined on pages that are not secure. */
function devicesOf(from: Navigator): MediaDevices | undefined {
  return from.mediaDevices;
}
