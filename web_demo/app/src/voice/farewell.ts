// The end of a call by Myra: her last sentence is heard out, by the ear and not merely by the player.

/** After the server's `bye` her last sentence is waited for, but not for ever. */
const DRAIN_MS = 30_000;
/** What an output device may hold back. */
const OUTPUT_MS = 200;

export class Farewell {
  private said: { reason: string; deadline: number } | null = null;
  private quietSince: number | null = null;

  get isSaid(): boolean {
    return this.said !== null;
  }

  say(reason: string, nowMs: number): void {
    this.said ??= { reason, deadline: nowMs + DRAIN_MS };
  }

  /** The reason to end the call for now, or null. `sounding`: something plays or is about to. */
  due(sounding: boolean, nowMs: number): string | null {
    if (!this.said) return null;
    if (sounding && nowMs < this.said.deadline) {
      this.quietSince = null;
      return null;
    }
    this.quietSince ??= nowMs;
    return nowMs - this.quietSince >= OUTPUT_MS ? this.said.reason : null;
  }
}
