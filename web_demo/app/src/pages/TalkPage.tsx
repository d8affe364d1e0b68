// Before the call the welcome, in it the conversation, after it what was said; beside it the panel.

import { useCallback, useRef, useState } from "react";

import { useAudio } from "../hooks/useAudio";
import { useCommunication } from "../hooks/useCommunication";
import { useHotkeys } from "../hooks/useHotkeys";
import { useMedia } from "../hooks/useMedia";
import { useSettings } from "../hooks/useSettings";
import { useTitle } from "../hooks/useTitle";
import { useCallView, useVoice } from "../hooks/useVoice";
import { CallBar } from "../ui/talk/CallBar";
import { Composer } from "../ui/talk/Composer";
import { Conversation } from "../ui/talk/Conversation";
import { Troubles } from "../ui/talk/Troubles";
import { Welcome } from "../ui/talk/Welcome";
import { QaPanel } from "../ui/panel/QaPanel";

export function TalkPage() {
  const voice = useVoice();
  useTitle("Talk to Myra");
  const phase = useCallView((view) => view.phase);
  const wide = useMedia("(min-width: 70rem)");
  const [wanted, setWanted] = useState<boolean | null>(null);
  const panel = phase !== "before" && (wanted ?? wide);
  const text = useRef<HTMLInputElement>(null);
  const { mute, mic } = useAudio(voice);
  const { start, startWithoutMicrophone, stopSpeech } = useCommunication(voice);
  const { settings, change } = useSettings();
  const talk = useCallback(() => start(settings), [start, settings]);
  const type = useCallback(() => startWithoutMicrophone(settings), [startWithoutMicrophone, settings]);
  const togglePanel = () => setWanted(!panel);
  const running = phase === "running";

  useHotkeys({
    " ": () => {
      if (!running) talk();
      else if (mic.state !== "off") mute(mic.state !== "muted");
    },
    Escape: () => {
      if (running) stopSpeech();
    },
    "/": () => text.current?.focus(),
    p: () => change({ line: settings.line === "web" ? "pstn" : "web" }),
    d: togglePanel,
  });

  if (phase === "before") return <Welcome onTalk={talk} onType={type} />;
  return (
    <div className={panel ? "talk talk-panel" : "talk"}>
      <main id="main" className="call" tabIndex={-1}>
        <h1 className="sr-only">Call with Myra</h1>
        <CallBar panel={panel} onPanel={togglePanel} />
        <Troubles />
        <Conversation />
        <Composer text={text} onTalk={talk} />
      </main>
      {panel && <QaPanel onClose={() => setWanted(false)} />}
    </div>
  );
}
