// A React view of the connection of a call: link, layer, state, and what can be said over it.

import { useCallback, useEffect, useState } from "react";

import type { CallState } from "../net/protocol";
import type { Layer, LinkState, Voice, VoiceSettings } from "../voice/contract";

export type CommunicationView = {
  link: { state: LinkState; attempt: number; reason: string };
  layer: { layer: Layer; reason: string } | null;
  call: { state: CallState; reason: string } | null;
  session: { conversation: string; limitSeconds: number } | null;
};

const NOTHING: CommunicationView = {
  link: { state: "idle", attempt: 0, reason: "" },
  layer: null,
  call: null,
  session: null,
};

export function useCommunication(voice: Voice) {
  const [view, setView] = useState(NOTHING);

  useEffect(
    () =>
      voice.subscribe((event) => {
        const change = (part: Partial<CommunicationView>) => setView((before) => ({ ...before, ...part }));
        if (event.type === "link") change({ link: { state: event.state, attempt: event.attempt, reason: event.reason } });
        else if (event.type === "layer") change({ layer: { layer: event.layer, reason: event.reason } });
        else if (event.type === "call") change({ call: { state: event.state, reason: event.reason } });
        else if (event.type === "session") {
          change({ session: { conversation: event.conversation, limitSeconds: event.limitSeconds } });
        }
      }),
    [voice],
  );

  const start = useCallback((settings: VoiceSettings) => voice.start(settings), [voice]);
  const startWithoutMicrophone = useCallback(
    (settings: VoiceSettings) => voice.startWithoutMicrophone(settings),
    [voice],
  );
  const sendText = useCallback((words: string) => voice.text(words), [voice]);
  const sendDtmf = useCallback((digit: string) => voice.dtmf(digit), [voice]);
  const stopSpeech = useCallback(() => voice.stop(), [voice]);
  const hangUp = useCallback(() => voice.hangUp(), [voice]);

  return { ...view, start, startWithoutMicrophone, sendText, sendDtmf, stopSpeech, hangUp };
}
