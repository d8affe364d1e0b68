// The voice path's own thread.

import { VoicePath } from "./engine";
import type { FromVoicePath, ToVoicePath } from "./messages";

type Thread = {
  postMessage(message: FromVoicePath): void;
  onmessage: ((event: MessageEvent<ToVoicePath>) => void) | null;
};

const thread = self as unknown as Thread;
let path: VoicePath | null = null;

thread.onmessage = ({ data }) => {
  if (data.type === "open") path = new VoicePath(data, (message) => thread.postMessage(message));
  else path?.order(data);
};
