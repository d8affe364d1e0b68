// What a caller does: type, mute, stop, keys, the phone line, hang up; after the call another one.

import { useState, type SubmitEvent, type RefObject } from "react";

import { useAudio } from "../../hooks/useAudio";
import { useCommunication } from "../../hooks/useCommunication";
import { useNow } from "../../hooks/useNow";
import { useSettings } from "../../hooks/useSettings";
import { useCallStore, useCallView, useVoice } from "../../hooks/useVoice";
import { closed } from "../../state/reduce";
import { callPath } from "../../state/route";
import type { Item } from "../../state/view";
import { Button } from "../kit/Button";
import { Link } from "../kit/Link";
import { Keypad } from "./Keypad";
import { LineSliders } from "./SoundSettings";
import { SoundDialog } from "./SoundDialog";

/** In characters; nobody says more in one breath. */
const LONGEST_TEXT = 2000;
/** After that what was typed stands in the conversation, unless the connection is away. */
const USUALLY_THERE_MS = 1500;

type ComposerProps = { text: RefObject<HTMLInputElement | null>; onTalk: () => void };

export function Composer({ text, onTalk }: ComposerProps) {
  const running = useCallView((view) => view.phase === "running");
  return (
    <footer className="composer">
      {running ? (
        <>
          <TextField text={text} />
          <Controls />
        </>
      ) : (
        <Afterwards onTalk={onTalk} />
      )}
    </footer>
  );
}

function TextField({ text }: { text: RefObject<HTMLInputElement | null> }) {
  const { sendText } = useCommunication(useVoice());
  const { waiting, waits } = useWaiting();
  const [tooLong, setTooLong] = useState(0);
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const words = text.current?.value.trim() ?? "";
    setTooLong(words.length > LONGEST_TEXT ? words.length : 0);
    if (words === "" || words.length > LONGEST_TEXT) return;
    sendText(words);
    waits(words);
    event.currentTarget.reset();
  };
  return (
    <form className="text-field" onSubmit={send}>
      <input
        id="typed"
        ref={text}
        className="input"
        placeholder="Type to Myra"
        aria-label="Type to Myra"
        aria-keyshortcuts="/"
        aria-invalid={tooLong > 0}
        autoComplete="off"
        onChange={() => setTooLong(0)}
      />
      <Button type="submit" look="primary" icon="send" iconOnly>
        Send
      </Button>
      {tooLong > 0 && (
        <p className="text-note" role="alert">
          {`${tooLong.toLocaleString("en-GB")} characters are too many: ${LONGEST_TEXT.toLocaleString("en-GB")} are sent at most.`}
        </p>
      )}
      {waiting.map((words, index) => (
        <p key={index} className="text-note" role="status">
          Not with Myra yet: <q>{words}</q>
        </p>
      ))}
    </form>
  );
}

type Typed = { words: string; at: number; before: number };

/** What was typed and is not in the conversation yet: while the connection is away, known or not. */
function useWaiting() {
  const away = useCallView(({ link }) => link.state !== "open");
  const items = useCallView((view) => view.items);
  const [typed, setTyped] = useState<Typed[]>([]);
  const waiting = typed.filter(({ words, before }) => timesSaid(items, words) <= before);
  const now = useNow(500, waiting.length > 0);
  return {
    waiting: waiting.filter(({ at }) => away || now - at > USUALLY_THERE_MS).map(({ words }) => words),
    waits: (words: string) => {
      const again = waiting.filter((one) => one.words === words).length;
      setTyped([...waiting, { words, at: Date.now(), before: timesSaid(items, words) + again }]);
    },
  };
}

function timesSaid(items: readonly Item[], words: string): number {
  return items.filter((item) => item.kind === "utterance" && item.who === "caller" && item.text === words).length;
}

function Controls() {
  const voice = useVoice();
  const { mic, mute } = useAudio(voice);
  const { stopSpeech, hangUp } = useCommunication(voice);
  const { settings, change } = useSettings();
  const [open, setOpen] = useState<"keypad" | "sound" | null>(null);
  const phone = settings.line === "pstn";
  const muted = mic.state === "muted";
  const close = () => setOpen(null);
  return (
    <>
      {phone && <LineSliders />}
      <div className="controls" role="toolbar" aria-label="Call">
        <Button
          icon={muted ? "mic-off" : "mic"}
          aria-pressed={muted}
          aria-keyshortcuts="Space"
          disabled={mic.state === "off" || mic.state === "asking"}
          onClick={() => mute(!muted)}
        >
          {muted ? "Unmute" : "Mute"}
        </Button>
        <Button icon="stop" aria-keyshortcuts="Escape" onClick={stopSpeech}>
          Stop
        </Button>
        <Button icon="keypad" aria-haspopup="dialog" onClick={() => setOpen("keypad")}>
          Keypad
        </Button>
        <Button
          icon="phone"
          aria-pressed={phone}
          aria-keyshortcuts="P"
          onClick={() => change({ line: phone ? "web" : "pstn" })}
        >
          Phone line
        </Button>
        <Button icon="settings" aria-haspopup="dialog" onClick={() => setOpen("sound")}>
          Sound
        </Button>
        <Button look="danger" icon="hang-up" onClick={hangUp}>
          Hang up
        </Button>
      </div>
      <Keypad open={open === "keypad"} onClose={close} />
      <SoundDialog open={open === "sound"} onClose={close} />
    </>
  );
}

function Afterwards({ onTalk }: { onTalk: () => void }) {
  const store = useCallStore();
  const session = useCallView((view) => view.session);
  return (
    <div className="afterwards">
      <Button look="primary" icon="mic" onClick={onTalk}>
        Call again
      </Button>
      {session && (
        <Link className="button button-plain button-normal" href={callPath(session.conversation)}>
          Open this call
        </Link>
      )}
      <Button look="quiet" onClick={() => store.setState(closed)}>
        Back to the beginning
      </Button>
    </div>
  );
}
