// The page's voice: contexts and microphone here, everything else in the voice path's thread.

import { Capture } from "../audio/capture";
import { Speaker, MYRA_RATE } from "../audio/speaker";
import type { Voice, VoiceEvent, VoiceSettings } from "./contract";
import type { ExportKind, FromVoicePath } from "./messages";
import { VoiceThread } from "./thread";
import { vadDisabled } from "../utils/vadSwitch";

const LATENCY_MS = 1000;
/** A context started in a click runs well within this; after it the browser has blocked it. */
const BLOCKED_AFTER_MS = 700;

const VAD_DISABLED = vadDisabled(import.meta.env["REACT_APP_DISABLE_VAD"] as string | undefined);

export function createVoice(base: URL = new URL("/demo/", location.href)): Voice {
  return new PageVoice(base);
}

type Call = {
  speaker: Speaker;
  capture: Capture | null;
  thread: VoiceThread;
  timers: ReturnType<typeof setInterval>[];
};

class PageVoice implements Voice {
  private readonly listeners = new Set<(event: VoiceEvent) => void>();
  private readonly exports = new Map<number, (blob: Blob) => void>();
  private call: Call | null = null;
  private settings: VoiceSettings | null = null;
  private exportId = 0;
  private muted = false;
  private micLabel = "";

  constructor(private readonly base: URL) {}

  start(settings: VoiceSettings): void {
    this.begin(settings, true);
  }

  startWithoutMicrophone(settings: VoiceSettings): void {
    this.begin(settings, false);
  }

  unblock(): void {
    void this.call?.speaker.resume();
    this.call?.capture?.resume();
  }

  retryMicrophone(): void {
    const { call, settings } = this;
    if (!call || !settings) return;
    call.capture ??= this.makeCapture(settings);
    void call.capture.open();
  }

  hangUp(): void {
    this.call?.thread.order({ type: "hang-up" });
  }

  stop(): void {
    this.call?.thread.order({ type: "stop", reason: "button" });
  }

  mute(on: boolean): void {
    this.muted = on;
    this.call?.capture?.mute(on);
    this.call?.thread.order({ type: "mute", on });
    if (this.call?.capture) this.emit({ type: "mic", state: on ? "muted" : "on", label: this.micLabel });
  }

  text(words: string): void {
    this.call?.thread.order({ type: "text", text: words });
  }

  dtmf(digit: string): void {
    this.call?.thread.order({ type: "dtmf", digit });
  }

  configure(part: Partial<VoiceSettings>): void {
    if (!this.settings) return;
    this.settings = effective({ ...this.settings, ...part });
    if (part.capture) this.call?.capture?.configure(part.capture);
    if (part.volume !== undefined) this.call?.speaker.setVolume(part.volume);
    this.call?.thread.order({ type: "configure", settings: this.settings });
  }

  exportRecording(): Promise<Blob> {
    return this.exported("recording");
  }

  exportEvents(): Promise<Blob> {
    return this.exported("events");
  }

  exportAudit(): Promise<Blob> {
    return this.exported("audit");
  }

  subscribe(listener: (event: VoiceEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  dispose(): void {
    this.release();
    this.call?.thread.close();
    this.call = null;
    this.listeners.clear();
  }

  /** Contexts and the worker are made here, in the click; everything after may take its time. */
  private begin(wanted: VoiceSettings, microphone: boolean): void {
    this.release();
    this.call?.thread.close();
    this.muted = false;
    const settings = effective(wanted);
    this.settings = settings;
    const speaker = new Speaker(settings.volume);
    const capture = microphone ? this.makeCapture(settings) : null;
    const thread = new VoiceThread(
      {
        type: "open",
        socketUrl: this.socketUrl(),
        framesUrl: new URL("frames", this.base).href,
        settings,
        microphone,
        thread: "worker",
        resume: null,
      },
      { told: (message) => this.told(message), moved: () => this.moved() },
    );
    this.call = { speaker, capture, thread, timers: [] };
    this.wireSpeaker(this.call);
    void this.openSpeaker(this.call);
    void capture?.open();
  }

  private async openSpeaker(call: Call): Promise<void> {
    call.timers.push(
      setInterval(() => {
        call.thread.order({ type: "latency", outputLatencyMs: call.speaker.latencyMs });
      }, LATENCY_MS),
    );
    setTimeout(() => {
      if (this.call === call && call.timers.length > 0 && call.speaker.blocked) this.emit({ type: "autoplay-blocked" });
    }, BLOCKED_AFTER_MS);
    try {
      await call.speaker.open();
    } catch (error) {
      call.thread.order({ type: "log", what: "speaker-failed", detail: { detail: String(error) } });
      this.emit({ type: "notice", level: "error", text: "This browser cannot play Myra's voice; her words still appear." });
    }
  }

  private wireSpeaker(call: Call): void {
    const player = new MessageChannel();
    const tap = new MessageChannel();
    call.speaker.wire({ player: player.port1, tap: tap.port1 });
    call.thread.order(
      {
        type: "output",
        player: player.port2,
        tap: tap.port2,
        rate: MYRA_RATE,
        tapRate: call.speaker.context.sampleRate,
      },
      [player.port2, tap.port2],
    );
  }

  private makeCapture(settings: VoiceSettings): Capture {
    return new Capture(settings.capture, {
      asking: () => this.emit({ type: "mic", state: "asking", label: "" }),
      on: (label) => {
        this.micLabel = label;
        this.emit({ type: "mic", state: this.muted ? "muted" : "on", label });
      },
      trouble: (trouble, detail) => {
        this.call?.thread.order({ type: "no-microphone" });
        this.emit({ type: "mic", state: "off", label: "" });
        this.emit({ type: "mic-trouble", trouble, detail });
      },
      devices: (inputs) => this.emit({ type: "devices", inputs }),
      port: (port, rate, worklet) => this.call?.thread.order({ type: "microphone", port, rate, worklet }, [port]),
      notice: (level, text) => this.emit({ type: "notice", level, text }),
    });
  }

  private told(message: FromVoicePath): void {
    if (message.type === "event") this.emit(message.event);
    else if (message.type === "phone-band") this.call?.speaker.setPhoneBand(message.on);
    else if (message.type === "exported") {
      this.exports.get(message.id)?.(message.blob);
      this.exports.delete(message.id);
    } else if (message.type === "over") this.release();
  }

  private moved(): void {
    const { call } = this;
    if (!call) return;
    this.wireSpeaker(call);
    void call.capture?.open();
    this.emit({ type: "notice", level: "warning", text: "The voice thread stopped; the call goes on in the page itself." });
  }

  /** Microphone and loudspeaker are given back; what was recorded can still be exported. */
  private release(): void {
    const { call } = this;
    if (!call) return;
    call.timers.splice(0).forEach(clearInterval);
    if (call.capture) this.emit({ type: "mic", state: "off", label: "" });
    call.capture?.close();
    call.capture = null;
    call.thread.atRest();
    call.speaker.close();
  }

  private exported(kind: ExportKind): Promise<Blob> {
    const { call } = this;
    if (!call) return Promise.reject(new Error("nothing was recorded: no call has been made yet"));
    const id = ++this.exportId;
    return new Promise((resolve) => {
      this.exports.set(id, resolve);
      call.thread.order({ type: "export", id, kind });
    });
  }

  private socketUrl(): string {
    const url = new URL("socket", this.base);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return url.href;
  }

  private emit(event: VoiceEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

function effective(settings: VoiceSettings): VoiceSettings {
  return VAD_DISABLED ? { ...settings, vad: false } : settings;
}
