// Everything the page is told goes through here and into the export: events, sound, audits.

import type { AuditLine } from "../net/protocol";
import { Recorder } from "../qa/recorder";
import { MIC_RATE } from "../audio/captureFramer";
import type { VoiceEvent } from "./contract";
import type { ExportKind } from "./messages";

export class Diary {
  private recorder: Recorder | null = null;
  /** Of the tap's context; known before its first block. */
  tapRate = 24_000;

  constructor(
    private readonly post: (event: VoiceEvent) => void,
    private readonly seconds: (wall: number) => number,
  ) {}

  /** Figures come ten times a second and stay out of the log. */
  emit(event: VoiceEvent): void {
    if (event.type !== "figures") this.recording().event({ wall: Date.now(), ...event });
    this.post(event);
  }

  log(what: string, detail: object): void {
    this.emit({ type: "log", at: this.seconds(Date.now()), what, detail: { ...detail } });
  }

  notice(level: "info" | "warning" | "error", text: string): void {
    this.emit({ type: "notice", level, text });
  }

  audit(session: string, line: AuditLine): void {
    this.recording().audit(session, line);
    this.emit({ type: "audit", line });
  }

  captured(samples: Int16Array, wall: number): void {
    this.recording().captured(samples, wall);
  }

  heard(samples: Int16Array, wall: number): void {
    this.recording().heard(samples, wall);
  }

  async exported(kind: ExportKind): Promise<Blob> {
    const recorder = this.recording();
    if (kind === "recording") return recorder.recording();
    return kind === "events" ? recorder.eventLog() : recorder.auditTable();
  }

  private recording(): Recorder {
    this.recorder ??= new Recorder(MIC_RATE, this.tapRate, Date.now());
    return this.recorder;
  }
}
