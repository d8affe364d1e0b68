import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { budget } from "./build/budget.ts";
import { precompress } from "./build/precompress.ts";

/** Where `vite dev` finds the demo's server; `make run` starts it there. */
const SERVER = "127.0.0.1:8080";

export default defineConfig({
  base: "/demo/",
  envPrefix: ["VITE_", "REACT_APP_"],
  plugins: [react(), precompress(), budget()],
  // A strict content security policy forbids data: and blob: modules, so nothing is inlined.
  build: { target: "es2022", assetsInlineLimit: 0, sourcemap: false, chunkSizeWarningLimit: 800 },
  worker: { format: "es" },
  server: {
    proxy: {
      "/demo/socket": { target: `ws://${SERVER}`, ws: true },
      "/demo/api": `http://${SERVER}`,
      "/demo/frames": `http://${SERVER}`,
      "/demo/sign-in": `http://${SERVER}`,
    },
  },
});
