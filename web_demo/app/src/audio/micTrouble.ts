// What went wrong with the microphone, told apart: each trouble has its own way on.

import type { MicTrouble } from "../voice/contract";

export class MicError extends Error {
  constructor(
    readonly trouble: MicTrouble,
    detail: string,
  ) {
    super(detail);
    this.name = "MicError";
  }
}

const BY_NAME: Readonly<Record<string, MicTrouble>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "no-device",
  OverconstrainedError: "no-device",
  NotReadableError: "in-use",
  AbortError: "in-use",
};

/** What a failed getUserMedia means. An unknown error is taken for a device that cannot be used. */
export function micErrorOf(error: unknown): MicError {
  if (error instanceof MicError) return error;
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  return new MicError(BY_NAME[name] ?? "in-use", `${name}: ${message}`);
}

/** A page that could not even ask; null when it can. */
export function whyNoMicrophone(secure: boolean, mediaDevices: unknown): MicError | null {
  if (!secure) return new MicError("insecure", "browsers give a microphone to https and localhost only");
  if (!mediaDevices) return new MicError("unsupported", "this browser has no navigator.mediaDevices");
  return null;
}
