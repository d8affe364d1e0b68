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

/** Where the model's emulator listens, as the hotline is told. */
export type ModelAt = { GEMINI_BASE_URL: string; GEMINI_CA_FILE: string };

type HouseOptions = {
  /** What the emulator's mind answers, or one that runs already. */
  script?: Rules;
  model?: ModelAt;
  env?: Record<string, string>;
};

export class House {
  private hotline: ChildProcess | null = null;
  private emulator: ChildProcess | null = null;
  private readonly folder = mkdtempSync(join(tmpdir(), "hotline-e2e-"));
  private readonly log: string[] = [];
  model: ModelAt = { GEMINI_BASE_URL: "", GEMINI_CA_FILE: "" };
  port = 0;

  private constructor(private readonly env: Record<string, string>) {}

  static async open({ script = {}, model, env = {} }: HouseOptions): Promise<House> {
    const house = new House(env);
    try {
      house.model = model ?? (await house.emulated(script));
      await house.begun();
    } catch (error) {
      await house.close();
      throw error;
    }
    return house;
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
    await ended(this.emulator);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private settings(): Record<string, string> {
    const own = { HOTLINE_DATA_FOLDER: this.folder, HOTLINE_METRICS_PORT: "0", HOTLINE_DRAIN_SECONDS: "0" };
    return { ...own, ...this.model, ...this.env };
  }

  private async emulated(script: Rules): Promise<ModelAt> {
    const path = join(this.folder, "script.yaml");
    writeFileSync(path, JSON.stringify(script));
    const state = join(this.folder, "model");
    this.emulator = spawn(
      PYTHON,
      ["-m", "emulators.gemini", "--voice", "tones", "--script", path, "--state", state, "--with-parent"],
      { cwd: ROOT, stdio: ["pipe", "pipe", "ignore"] },
    );
    const line = await found(this.emulator, "stdout", /^(\{.*\})$/);
    const { port, ca_file: authority } = JSON.parse(line) as { port: number; ca_file: string };
    return { GEMINI_BASE_URL: `https://127.0.0.1:${port}`, GEMINI_CA_FILE: authority };
  }

  private async begun(): Promise<void> {
    const hotline = spawn(PYTHON, ["-m", "hotline", "serve", "--port", String(this.port)], {
      cwd: ROOT,
      env: { ...withoutSettings(), ...this.settings() },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.hotline = hotline;
    this.port = Number(await found(hotline, "stderr", /serving host=\S+ port=(\d+)/, this.log));
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
