// One hotline and one emulator of the model for all files of the suite.

import type { TestProject } from "vitest/node";

import { House } from "./house.ts";
import { SCRIPT } from "./script.ts";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const house = await House.open({ script: SCRIPT });
  project.provide("house", house.port);
  project.provide("model", house.model);
  return () => house.close();
}
