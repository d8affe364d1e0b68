// Writes .br and .gz beside every compressible file of a build, so that the server only picks one.
// ONNX Runtime's wasm alone takes brotli 11 half a minute: from 1 MB on a lower quality is used.

import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const COMPRESSIBLE = /\.(?:js|mjs|css|html|svg|json|wasm|onnx|txt|map|webmanifest)$/;
const SMALLEST = 600;
const LARGE = 1_000_000;

const br = promisify(brotliCompress);
const gz = promisify(gzip);

async function compressFile(path: string): Promise<void> {
  const { size } = await stat(path);
  if (size < SMALLEST) return;
  const content = await readFile(path);
  const quality = size > LARGE ? 5 : 11;
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: size };
  const [small, wide] = await Promise.all([br(content, { params }), gz(content, { level: size > LARGE ? 6 : 9 })]);
  if (small.length < size) await writeFile(`${path}.br`, small);
  if (wide.length < size) await writeFile(`${path}.gz`, wide);
}

/** A build step; runs once everything is written. */
export function precompress(): Plugin {
  let out = "dist";
  return {
    name: "precompress",
    apply: "build",
    configResolved(config) {
      out = resolve(config.root, config.build.outDir);
    },
    writeBundle: {
      order: "post",
      sequential: true,
      async handler() {
        const names = await readdir(out, { recursive: true });
        for (const name of names) {
          if (COMPRESSIBLE.test(name)) await compressFile(join(out, name));
        }
      },
    },
  };
}
