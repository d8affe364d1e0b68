import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

const CHROMIUM = {
  executablePath: "/usr/bin/chromium",
  chromiumSandbox: false,
  args: [
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
  ],
};

export default defineConfig({
  envPrefix: ["VITE_", "REACT_APP_"],
  test: {
    projects: [
      {
        test: {
          name: "unit",
          environment: "node",
          include: ["tests/unit/**/*.test.{ts,tsx}"],
        },
      },
      {
        test: {
          name: "ui",
          environment: "happy-dom",
          include: ["tests/ui/**/*.test.{ts,tsx}"],
          exclude: ["tests/ui/browser/**"],
        },
      },
      {
        test: {
          name: "screenshots",
          environment: "node",
          include: ["tests/ui/screenshots/*.shots.ts"],
        },
      },
      {
        test: {
          name: "e2e",
          environment: "node",
          globalSetup: ["tests/e2e/support/houses.ts"],
          fileParallelism: false,
          include: ["tests/e2e/*.test.ts"],
        },
      },
      {
        test: {
          name: "figures",
          environment: "node",
          globalSetup: ["tests/e2e/support/houses.ts"],
          include: ["tests/e2e/*.figures.ts"],
        },
      },
      {
        optimizeDeps: {
          include: [
            "onnxruntime-web/wasm",
            "partysocket",
            "cockatiel",
            "@radix-ui/react-tabs",
            "axe-core",
            "react",
            "react-dom/client",
            "react/jsx-dev-runtime",
            "uplot",
            "zustand",
            "zustand/react/shallow",
            "zustand/vanilla",
          ],
        },
        test: {
          name: "browser",
          globalSetup: ["tests/peer/setup.ts"],
          fileParallelism: false,
          include: ["tests/browser/**/*.test.{ts,tsx}", "tests/ui/browser/**/*.test.{ts,tsx}"],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: CHROMIUM }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
