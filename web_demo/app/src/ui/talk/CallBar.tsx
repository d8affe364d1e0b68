import { useFigures } from "../../hooks/useAudio";
import { useNow } from "../../hooks/useNow";
import { useSettings } from "../../hooks/useSettings";
import { useCallView, useVoice } from "../../hooks/useVoice";
import { clock, spokenTime } from "../../state/format";
import { stateWords } from "../../state/words";
import type { CallView } from "../../state/view";
import { Button } from "../kit/Button";
import { LevelMeter } from "../kit/Meter";
import { Orb } from "./Orb";

/** From here on the end of the call is announced. */
const SOON_SECONDS = 60;

export function CallBar({ panel, onPanel }: { panel: boolean; onPanel: () => void }) {
  const phase = useCallView((view) => view.phase);
  const words = useCallView(wordsOf);
  const note = useCallView(noteOf);
  const state = useCallView((view) => (view.phase === "over" ? "ended" : (view.call?.state ?? "connecting")));
  return (
    <header className="call-bar">
      <Orb state={state} />
      <div className="call-state">
        <p className="call-words" role="status">
          {words}
        </p>
        <p className="call-note">{note}</p>
      </div>
      <LineBadge />
      {phase === "running" && <MicLevel />}
      <Countdown running={phase === "running"} />
      <Button look="quiet" icon="panel" iconOnly aria-pressed={panel} aria-keyshortcuts="D" onClick={onPanel}>
        Details for QA
      </Button>
    </header>
  );
}

function wordsOf(view: CallView): string {
  if (view.phase === "over") return "Call ended";
  if (view.link.state === "reconnecting" && view.session !== null) return "Connecting again";
  return stateWords(view.call?.state ?? "connecting");
}

function noteOf(view: CallView): string {
  if (view.phase === "over") return capital(view.call?.reason ?? "");
  if (view.typing || (view.layer?.layer === "text-only" && view.link.state === "open")) return "You type, she speaks";
  if (view.mic.state === "asking") return "Your browser asks for the microphone";
  if (view.mic.state === "muted") return "You are muted";
  return view.mic.label;
}

function capital(reason: string): string {
  return reason.charAt(0).toUpperCase() + reason.slice(1);
}

function LineBadge() {
  const { settings } = useSettings();
  if (settings.line === "web") return null;
  return <span className="badge badge-line">Phone line</span>;
}

function MicLevel() {
  const figures = useFigures(useVoice());
  const mic = useCallView((view) => view.mic.state);
  if (mic === "off") return null;
  return <LevelMeter db={mic === "muted" ? -100 : (figures?.micLevelDb ?? -100)} label="Level of your microphone" />;
}

function Countdown({ running }: { running: boolean }) {
  const session = useCallView((view) => view.session);
  const now = useNow(500, running);
  if (!session || !running) return null;
  const passed = Math.max(0, (now - session.since) / 1000);
  const left = session.limitSeconds - passed;
  const soon = left <= SOON_SECONDS;
  return (
    <p className={soon ? "countdown countdown-soon" : "countdown"}>
      <span aria-hidden="true">{soon ? `${clock(left)} left` : clock(passed)}</span>
      <span className="sr-only" role={soon ? "status" : undefined}>
        {soon ? "Less than a minute is left" : `${spokenTime(session.limitSeconds)} at most`}
      </span>
      {!soon && <span aria-hidden="true" className="countdown-of"> of {clock(session.limitSeconds)}</span>}
    </p>
  );
}
