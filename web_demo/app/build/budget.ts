// Fails a build whose first load is too heavy: all that a page needs to call Myra, compressed, but
// the speech detector, which is fetched after the call has begun.

import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Plugin } from "vite";

const MOST_BYTES = 300_000;
/** The detector and its runtime; `engine` is the voice path for pages whose worker does not start. */
const LATER = /(?:^|\/)(?:vad\.worker|silero|ort[.-]|engine)[^/]*$/;
const COUNTED = /\.(?:html|js|css|svg|woff2)$/;

/** Bytes of a build's first load: of each file the smallest form that was written. */
export async function firstLoadBytes(out: string): Promise<number> {
  const names = await readdir(out, { recursive: true });
  const counted = names.filter((name) => COUNTED.test(name) && !LATER.test(name));
  const sizes = counted.map(async (name) => {
    const forms = [name, `${name}.br`].filter((form) => names.includes(form));
    const bytes = await Promise.all(forms.map(async (form) => (await stat(join(out, form))).size));
    return Math.min(...bytes);
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Must come after `precompress`. */
export function budget(): Plugin {
  let out = "dist";
  return {
    name: "budget",
    apply: "build",
    configResolved(config) {
      out = resolve(config.root, config.build.outDir);
    },
    writeBundle: {
      order: "post",
      sequential: true,
      async handler() {
        const bytes = await firstLoadBytes(out);
        const kb = Math.round(bytes / 1000);
        if (bytes > MOST_BYTES) this.error(`the first load is ${String(kb)} kB compressed; at most ${String(MOST_BYTES / 1000)} are allowed`);
        this.info(`first load ${String(kb)} kB compressed`);
      },
    },
  };
}
