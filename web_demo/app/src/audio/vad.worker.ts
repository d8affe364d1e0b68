// The speech detector's own thread: loading and compiling it takes from half a second to several on
// a slow machine, and no sound may wait for that.

import { loadSilero } from "./silero";
import type { FromDetector, ToDetector } from "./vad";

type Thread = {
  postMessage(message: FromDetector): void;
  onmessage: ((event: MessageEvent<ToDetector>) => void) | null;
};

const thread = self as unknown as Thread;
const silero = loadSilero();

silero.then(
  () => thread.postMessage({ type: "ready" }),
  (error: unknown) => thread.postMessage({ type: "failed", detail: String(error) }),
);

thread.onmessage = ({ data }) => {
  void silero
    .then((detector) => detector.push(new Int16Array(data.pcm)))
    .then(
      (windows) => thread.postMessage({ type: "judged", id: data.id, windows }),
      (error: unknown) => thread.postMessage({ type: "failed", detail: String(error) }),
    );
};
