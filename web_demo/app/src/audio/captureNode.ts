// The capture's audio graph: the worklet, or ScriptProcessor where worklets are dead. Frames go to
// a port, so that neither the page nor this module is on their way.

import captureUrl from "./worklets/capture.worklet.ts?worker&url";
import { CaptureFramer, MIC_RATE } from "./captureFramer";
import type { MicFrame, Rewire } from "./worklets/ports";

/** Samples of one ScriptProcessor call: 64 ms at 16 kHz; smaller ones lose more on a busy page. */
const SCRIPT_BLOCK = 1024;

export type CaptureNode = { rate: number; worklet: boolean; disconnect(): void };

/** A context for the microphone, made in the click. The browser converts to 16 kHz where it can. */
export function captureContext(): AudioContext {
  try {
    return new AudioContext({ sampleRate: MIC_RATE, latencyHint: "interactive" });
  } catch {
    return new AudioContext({ latencyHint: "interactive" });
  }
}

/**
 * The microphone as a source of this context, or of one at the device's own rate where the two
 * may not differ (older Firefox raises NotSupportedError).
 */
export function sourceOf(
  context: AudioContext,
  stream: MediaStream,
): { context: AudioContext; source: MediaStreamAudioSourceNode } {
  try {
    return { context, source: context.createMediaStreamSource(stream) };
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "NotSupportedError") throw error;
    void context.close();
    const native = new AudioContext({ latencyHint: "interactive" });
    void native.resume();
    return { context: native, source: native.createMediaStreamSource(stream) };
  }
}

/** Raises what addModule raises; `onDead`: the worklet broke while running. */
export async function workletCapture(
  context: AudioContext,
  source: AudioNode,
  port: MessagePort,
  onDead: () => void,
): Promise<CaptureNode> {
  await context.audioWorklet.addModule(captureUrl);
  const node = new AudioWorkletNode(context, "capture", {
    numberOfInputs: 1,
    numberOfOutputs: 1,
    outputChannelCount: [1],
    channelCount: 1,
    channelCountMode: "explicit",
  });
  node.onprocessorerror = onDead;
  const rewire: Rewire = { type: "port", port };
  node.port.postMessage(rewire, [port]);
  // The output is silence; it is connected because some browsers run only what leads somewhere.
  source.connect(node).connect(context.destination);
  return { rate: context.sampleRate, worklet: true, disconnect: () => unplug(source, node) };
}

/** Runs on the page's thread and loses about 7 % of the sound while that is busy: a last resort. */
export function scriptCapture(context: AudioContext, source: AudioNode, port: MessagePort): CaptureNode {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the fallback is this very node
  const node = context.createScriptProcessor(SCRIPT_BLOCK, 1, 1);
  const framer = new CaptureFramer(context.sampleRate);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
  node.onaudioprocess = ({ inputBuffer }) => {
    for (const frame of framer.push(inputBuffer.getChannelData(0))) {
      const message: MicFrame = { type: "frame", ...frame, wall: Date.now() };
      port.postMessage(message, [frame.pcm]);
    }
  };
  source.connect(node).connect(context.destination);
  return { rate: context.sampleRate, worklet: false, disconnect: () => unplug(source, node) };
}

function unplug(source: AudioNode, node: AudioNode): void {
  source.disconnect();
  node.disconnect();
}
