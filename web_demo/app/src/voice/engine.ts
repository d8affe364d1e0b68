// The voice path: owns the link, the way up, listening and playback, wherever it runs. The page
// only sends orders and is told events; a busy page delays nothing here.

import type { Decision } from "../audio/bargeInGate";
import { dbOf } from "../audio/pcm";
import type { MicFrame, TapBlock } from "../audio/worklets/ports";
import { Link } from "../net/link";
import type { FromServer, Ready } from "../net/protocol";
import { guaranteedAudioTransmission, type AudioTransmission } from "../utils/webSocketUtils";
import type { VoiceSettings } from "./contract";
import { Diary } from "./diary";
import { measure, noFigures, qualityOf, ReplyClock } from "./figures";
import { Farewell } from "./farewell";
import { Listening } from "./listening";
import type { ExportKind, FromVoicePath, Opening, ToVoicePath } from "./messages";
import { PhoneLine } from "./phoneLine";
import { Playback } from "./playback";
import { postFrames, Uplink } from "./uplink";

const TICK_MS = 100;
const QUALITY_MS = 5000;
export class VoicePath {
  private readonly diary: Diary;
  private readonly link: Link;
  private readonly transmission: AudioTransmission;
  private readonly uplink: Uplink;
  private readonly playback: Playback;
  private readonly listening: Listening;
  private readonly replies = new ReplyClock();
  private readonly farewell = new Farewell();
  private readonly phoneLine: PhoneLine;
  private readonly figures = noFigures();
  /** The voice Myra is ducked for at the moment: the server may stop her before the page is sure. */
  private suspected: { onset: number; duckMs: number } | null = null;
  private settings: VoiceSettings;
  private outRate = 24_000;
  private begunAt = 0;
  private session = "";
  private conversationKnown = false;
  private vadAllowed = false;
  private qualityAt = 0;
  private over = false;
  private textId = 0;
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(
    opening: Opening,
    private readonly post: (message: FromVoicePath) => void,
  ) {
    this.settings = opening.settings;
    this.diary = new Diary((event) => post({ type: "event", event }), (wall) => this.seconds(wall));
    const now = () => performance.now();
    this.listening = this.makeListening();
    this.playback = this.makePlayback();
    this.phoneLine = new PhoneLine(
      opening.settings,
      (message) => this.link.send(message),
      (on) => post({ type: "phone-band", on }),
    );
    this.transmission = guaranteedAudioTransmission(
      {
        ready: () => this.link.ready,
        bufferedAmount: () => this.link.bufferedAmount,
        send: (bytes) => this.link.sendFrame(bytes),
        post: (bytes) => postFrames(opening.framesUrl, this.link.session, bytes),
      },
      now,
      (layer, reason) => this.diary.emit({ type: "layer", layer, reason }),
    );
    this.transmission.change({ worker: opening.thread === "worker", microphone: opening.microphone });
    this.uplink = new Uplink(this.transmission, now, opening.resume);
    this.link = this.makeLink(opening, now);
    this.transmission.announce();
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  order(message: ToVoicePath): void {
    switch (message.type) {
      case "open":
        return;
      case "output":
        return this.connectOutput(message);
      case "microphone":
        return this.connectMicrophone(message.port, message.rate, message.worklet);
      case "no-microphone":
        return this.transmission.change({ microphone: false });
      case "latency":
        this.figures.outputLatencyMs = message.outputLatencyMs;
        return;
      case "stop":
        this.playback.silence(message.reason, Date.now(), null);
        return;
      case "text":
        return this.typed(message.text);
      case "dtmf":
        return this.link.send({ type: "dtmf", digit: message.digit });
      case "mute":
        return this.link.send({ type: "mute", on: message.on });
      case "configure":
        return this.configure(message.settings);
      case "log":
        return this.diary.log(message.what, message.detail);
      case "export":
        return void this.exportTo(message.id, message.kind);
      case "hang-up":
        this.link.send({ type: "bye" });
        this.playback.silence("button", Date.now(), null);
        return this.end("you hung up");
    }
  }

  private makeLink(opening: Opening, now: () => number): Link {
    const { resume } = opening;
    return new Link(
      opening.socketUrl,
      () => ({ line: this.settings.line, vad: this.settings.vad, aec: this.settings.capture.echoCancellation }),
      {
        state: (state, attempt, reason, code = 0) => {
          this.diary.log("link", { state, attempt, reason, code });
          this.diary.emit({ type: "link", state, attempt, reason, code });
          // After a `bye` the server closes at once; her last sentence is still to be heard.
          if (state === "closed" && !this.farewell.isSaid) this.end(reason);
        },
        ready: (ready, isNew) => this.begun(ready, isNew),
        message: (message) => this.received(message),
        frame: (frame) => this.playback.frame(frame),
        notUnderstood: (detail) => this.diary.log("not-understood", { detail }),
      },
      now,
      resume ? { key: resume.key, seq: resume.seqDown, n: resume.nDown } : undefined,
    );
  }

  private makeListening(): Listening {
    return new Listening({
      decided: (decision) => this.decided(decision),
      voiced: (wall) => this.replies.callerSpoke(wall),
      loaded: (ms) => this.diary.log("vad-ready", { load_ms: ms }),
      failed: (detail) => {
        this.diary.notice("warning", "Speech detection in this page failed; the server's goes on.");
        this.diary.log("vad-failed", { detail });
      },
    });
  }

  private makePlayback(): Playback {
    return new Playback(
      () => this.outRate,
      (wall) => this.seconds(wall),
      {
        tell: (message) => {
          this.link.send(message);
          this.diary.log("told", message);
        },
        audible: (on, wall) => this.listening.setAudible(on, wall),
        started: (_take, response, wall) => this.started(response, wall),
        level: (rms, wall) => {
          this.figures.myraLevelDb = Math.round(dbOf(rms) * 10) / 10;
          this.listening.played(wall, rms);
        },
        stopped: (reason, stopMs, wall, onset) => {
          this.listening.stopped(wall);
          const began = onset ?? (reason === "server" ? this.suspected?.onset : null) ?? null;
          const duckMs = began === null ? null : (this.suspected?.duckMs ?? null);
          const onsetToStopMs = began === null ? null : Math.round(wall - began);
          this.figures.bargeIn = { onsetToDuckMs: duckMs, onsetToStopMs, stopMs };
          this.suspected = null;
          this.diary.log("stopped", { reason, stop_ms: stopMs, onset_to_stop_ms: onset === null ? null : wall - onset });
        },
        audit: (line) => {
          this.diary.audit(this.session, line);
        },
        log: (what, detail) => this.diary.log(what, detail),
      },
    );
  }

  private connectOutput(message: Extract<ToVoicePath, { type: "output" }>): void {
    this.outRate = message.rate;
    this.diary.tapRate = message.tapRate;
    this.figures.outRate = message.tapRate;
    this.playback.connect(message.player);
    message.tap.onmessage = ({ data }: MessageEvent<TapBlock>) => {
      this.diary.heard(new Int16Array(data.pcm), data.wall);
    };
  }

  private connectMicrophone(port: MessagePort, rate: number, worklet: boolean): void {
    this.figures.inRate = rate;
    this.transmission.change({ microphone: true, worklet });
    port.onmessage = ({ data }: MessageEvent<MicFrame>) => this.captured(data);
  }

  private captured(frame: MicFrame): void {
    if (this.over) return;
    const pcm = new Int16Array(frame.pcm);
    this.figures.micLevelDb = Math.round(dbOf(frame.rms) * 10) / 10;
    this.figures.clipped += frame.clipped;
    this.uplink.frame(frame);
    this.listening.frame(frame, pcm);
    this.diary.captured(pcm, frame.wall);
  }

  private begun(ready: Ready, isNew: boolean): void {
    this.session = ready.session;
    if (isNew) this.begin(ready);
    this.transmission.connected();
    this.vadAllowed = ready.vad;
    this.listening.detect(this.settings.vad && this.vadAllowed);
    this.diary.emit({ type: "session", conversation: ready.conversation, limitSeconds: ready.limits.seconds });
  }

  private begin(ready: Ready): void {
    if (this.conversationKnown) {
      this.diary.notice("warning", "The conversation could not be taken up again; a new one has begun.");
      this.uplink.renumber();
      this.playback.reset(Date.now());
      this.replies.reset();
    }
    this.conversationKnown = true;
    this.begunAt = Date.now();
    if (ready.out_rate !== this.outRate) {
      this.diary.notice("error", `The server plays at ${ready.out_rate} Hz, this page at ${this.outRate} Hz.`);
    }
    this.phoneLine.begun();
  }

  private received(message: FromServer): void {
    const wall = Date.now();
    this.playback.message(message, wall);
    switch (message.type) {
      case "ack":
        return this.transmission.acknowledge(message.seq);
      case "transcript":
        if (message.who === "myra") this.playback.said(Number(/\d+$/.exec(message.id)?.[0] ?? 0), message.text);
        break;
      case "state":
        this.diary.emit({ type: "call", state: message.state, reason: "" });
        break;
      case "turn": {
        const { id, response, bar, interrupted, heard_text: heardText } = message;
        const atTheEarMs = this.replies.of(response);
        this.diary.emit({ type: "turn", figures: { id, response, bar, atTheEarMs, interrupted, heardText } });
        break;
      }
      case "bye":
        this.farewell.say(message.reason, wall);
        break;
      case "error":
        this.diary.notice("error", message.text);
        break;
      default:
        break;
    }
    if (message.type === "transcript" || message.type === "tool") this.diary.emit(message);
    if (message.type !== "pong" && message.type !== "ready") this.diary.log("server", message);
  }

  private decided(decision: Decision): void {
    const wall = Date.now();
    const take = this.playback.audibleTake;
    if (decision.what === "duck") {
      this.playback.duck(true);
      this.link.send({ type: "duck", take });
      this.suspected = { onset: decision.onsetMs, duckMs: Math.round(wall - decision.onsetMs) };
    } else if (decision.what === "restore") {
      this.playback.duck(false);
      this.suspected = null;
      this.link.send({ type: "unduck", take });
    } else this.playback.silence("voice", wall, decision.onsetMs);
    this.diary.log("gate", { ...decision, decided_after_ms: wall - decision.atMs });
  }

  private started(response: number, wall: number): void {
    this.phoneLine.takeStarted();
    const ms = this.replies.sounded(response, wall + (this.figures.outputLatencyMs ?? 0));
    if (ms !== null) this.diary.log("reply-at-the-ear", { response, ms });
  }

  private typed(text: string): void {
    const id = `t${Date.now().toString(36)}-${++this.textId}`;
    this.playback.silence("text", Date.now(), null, [{ type: "text", id, text }]);
  }

  private configure(settings: VoiceSettings): void {
    const before = this.settings;
    this.settings = settings;
    this.phoneLine.choose(settings, this.playback.pending);
    if (settings.vad !== before.vad) this.listening.detect(this.settings.vad && this.vadAllowed);
  }

  private tick(): void {
    const wall = Date.now();
    this.link.tick();
    this.transmission.tick();
    this.playback.tick(wall);
    this.listening.tick(wall);
    this.report(wall);
    const { session: key, newestOf } = this.link;
    this.post({ type: "snapshot", snapshot: { key, ...newestOf, ...this.uplink.position } });
    const reason = this.farewell.due(this.playback.pending, wall);
    if (reason !== null) this.end(reason);
  }

  private report(wall: number): void {
    const { figures } = this;
    measure(figures, {
      link: this.link,
      window: this.transmission.window,
      playback: this.playback,
      listening: this.listening,
      replies: this.replies,
    });
    this.diary.emit({ type: "figures", figures: { ...figures, bargeIn: { ...figures.bargeIn } } });
    if (wall - this.qualityAt < QUALITY_MS || !this.link.ready) return;
    this.qualityAt = wall;
    this.link.send({ type: "quality", ...qualityOf(figures), layer: this.transmission.layer() });
  }

  private end(reason: string): void {
    if (this.over) return;
    this.over = true;
    clearInterval(this.timer);
    this.listening.detect(false);
    this.link.close(reason);
    this.diary.emit({ type: "call", state: "ended", reason });
    this.post({ type: "over", reason });
  }

  private async exportTo(id: number, kind: ExportKind): Promise<void> {
    this.post({ type: "exported", id, blob: await this.diary.exported(kind) });
  }

  private seconds(wall: number): number {
    return this.begunAt === 0 ? 0 : Math.max(0, Math.round(wall - this.begunAt)) / 1000;
  }
}
