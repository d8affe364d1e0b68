import type { TestProject } from "vitest/node";

import { Peer } from "./peer";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const peer = new Peer();
  project.provide("peer", await peer.listen());
  return () => peer.close();
}
