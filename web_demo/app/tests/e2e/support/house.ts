// The hotline as it is started for people, beside a model's emulator that follows a script. Both
// are processes of their own and end with the tests.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

export const ROOT = resolve(import.meta.dirname, "../../../../..");
const PYTHON = join(ROOT, ".venv/bin/python");
const START_MS = 60_000;
const STOP_MS = 8000;

export type Rules = { rules?: { hears: string; does: string }[]; otherwise?: string; results?: Record<string, string> };

type HouseOptions = {
  /** What the emulator's mind answers; without it the plain voice with a mind of its own. */
  script?: Rules;
  env?: Record<string, string>;
};

export class House {
  private hotline: ChildProcess | null = null;
  private readonly log: string[] = [];
  port = 0;

  private constructor(
    private readonly folder: string,
    private readonly model: ChildProcess | null,
    private readonly env: Record<string, string>,
  ) {}

  static async open({ script, env = {} }: HouseOptions): Promise<House> {
    const folder = mkdtempSync(join(tmpdir(), "hotline-e2e-"));
    const common = { HOTLINE_DATA_FOLDER: folder, HOTLINE_METRICS_PORT: "0", HOTLINE_DRAIN_SECONDS: "0", ...env };
    if (!script) return new House(folder, null, { ...common, HOTLINE_EMULATOR_VOICE: "plain" }).begun();
    const path = join(folder, "script.yaml");
    writeFileSync(path, JSON.stringify(script));
    const model = spawn(
      PYTHON,
      ["-m", "emulators.gemini", "--voice", "tones", "--script", path, "--state", join(folder, "model"), "--with-parent"],
      { cwd: ROOT, stdio: ["pipe", "pipe", "ignore"] },
    );
    const line = await found(model, "stdout", /^(\{.*\})$/);
    const { port, ca_file: authority } = JSON.parse(line) as { port: number; ca_file: string };
    const address = { GEMINI_BASE_URL: `https://127.0.0.1:${port}`, GEMINI_CA_FILE: authority };
    return new House(folder, model, { ...common, ...address }).begun();
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/demo/`;
  }

  /** The newest lines of its log, for the message of a test that failed. */
  get newestLines(): string {
    return this.log.slice(-30).join("\n");
  }

  /** Ends the process as a deployment would, and starts it again where it was. */
  async restart(): Promise<void> {
    await ended(this.hotline);
    await this.begun();
  }

  async close(): Promise<void> {
    await ended(this.hotline);
    await ended(this.model);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async begun(): Promise<this> {
    const hotline = spawn(PYTHON, ["-m", "hotline", "serve", "--port", String(this.port)], {
      cwd: ROOT,
      env: { ...withoutSettings(), ...this.env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.hotline = hotline;
    this.port = Number(await found(hotline, "stderr", /serving host=\S+ port=(\d+)/, this.log));
    return this;
  }
}

/** What is set where the tests run is no matter of theirs. */
function withoutSettings(): NodeJS.ProcessEnv {
  const kept = /^(PATH|HOME|LANG|LC_.*|TMPDIR|VIRTUAL_ENV|SSL_.*)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.test(name)));
}

/** The first group of the first line that fits; reads on after it, so that the pipe never fills. */
function found(process: ChildProcess, from: "stdout" | "stderr", wanted: RegExp, log: string[] = []): Promise<string> {
  const stream = process[from];
  if (!stream) throw new Error(`${from} is not read`);
  return new Promise((resolveLine, reject) => {
    const late = setTimeout(() => reject(new Error(`not ready:\n${log.join("\n")}`)), START_MS);
    createInterface({ input: stream }).on("line", (line) => {
      if (log.push(line) > 200) log.shift();
      const match = wanted.exec(line);
      if (!match) return;
      clearTimeout(late);
      resolveLine(match[1] ?? "");
    });
    process.once("exit", (code) => {
      clearTimeout(late);
      reject(new Error(`ended with ${String(code)}:\n${log.join("\n")}`));
    });
  });
}

async function ended(process: ChildProcess | null): Promise<void> {
  if (!process || process.exitCode !== null || process.signalCode !== null) return;
  const over = new Promise((resolveExit) => process.once("exit", resolveExit));
  process.kill("SIGTERM");
  const late = setTimeout(() => process.kill("SIGKILL"), STOP_MS);
  await over;
  clearTimeout(late);
}
