// Which path the sound takes, direct or the telephone's. The server's own telephone path is the
// truth; sound that was sent before the switch goes through the page's band until the next take.

import type { FromPage } from "../net/protocol";
import type { VoiceSettings } from "./contract";

type Chosen = Pick<VoiceSettings, "line" | "lossPercent" | "jitterMs">;

export class PhoneLine {
  private banded = false;

  constructor(
    private chosen: Chosen,
    private readonly tell: (message: FromPage) => void,
    private readonly band: (on: boolean) => void,
  ) {}

  /** `sounding`: something of Myra's is here already, without the telephone's sound. */
  choose(chosen: Chosen, sounding: boolean): void {
    const before = this.chosen;
    this.chosen = chosen;
    const { line, lossPercent, jitterMs } = chosen;
    if (line === before.line && lossPercent === before.lossPercent && jitterMs === before.jitterMs) return;
    this.announce();
    if (line !== before.line) this.setBand(line === "pstn" && sounding);
  }

  /** A session that begins knows the line of the `hello`, but neither loss nor jitter. */
  begun(): void {
    if (this.chosen.lossPercent > 0 || this.chosen.jitterMs > 0) this.announce();
  }

  /** From the next take on the server's path is heard. */
  takeStarted(): void {
    if (this.banded) this.setBand(false);
  }

  private announce(): void {
    const { line, lossPercent, jitterMs } = this.chosen;
    this.tell({ type: "line", mode: line, loss: lossPercent, jitter_ms: jitterMs });
  }

  private setBand(on: boolean): void {
    this.banded = on;
    this.band(on);
  }
}
