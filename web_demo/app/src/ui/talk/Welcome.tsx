import { useMe } from "../../hooks/useMe";
import { useMicCheck } from "../../hooks/useMicCheck";
import { useSettings } from "../../hooks/useSettings";
import { microphoneTrouble } from "../../state/troubles";
import { Banner } from "../kit/Banner";
import { Button } from "../kit/Button";
import { LevelMeter } from "../kit/Meter";
import { Bookings } from "./Bookings";
import { Examples } from "./Examples";
import { CaptureSwitches, InputSelect, LineChoice } from "./SoundSettings";

type WelcomeProps = { onTalk: () => void; onType: () => void };

export function Welcome({ onTalk, onType }: WelcomeProps) {
  const { me } = useMe();
  return (
    <main id="main" className="welcome" tabIndex={-1}>
      <section className="hero">
        <p className="eyebrow">Cymbol Travels hotline</p>
        <h1>Talk to Myra</h1>
        <p className="lead">
          She finds a booking, changes it, checks you in and sends your papers. Speak as on the telephone, and
          interrupt her whenever you like.
        </p>
        <div className="hero-ways">
          <Button look="primary" size="large" icon="mic" onClick={onTalk} aria-keyshortcuts="Space">
            Talk
          </Button>
          <Button size="large" icon="send" onClick={onType}>
            Type instead
          </Button>
        </div>
        <p className="quiet hero-note">The browser asks for your microphone. Calls are recorded for quality.</p>
        {me.emulated && (
          <Banner
            level="info"
            title="An emulator answers, not the model"
            text="No model is configured here. What she understands are simple sentences about these bookings; her voice is synthetic."
          />
        )}
      </section>
      <SoundCard onType={onType} />
      <Examples />
      <Bookings />
    </main>
  );
}

function SoundCard({ onType }: { onType: () => void }) {
  const check = useMicCheck();
  const { settings } = useSettings();
  const { begin, end, hear, state, trouble, inputs, levelDb, echoing } = check;
  const on = state === "on";
  return (
    <section className="card sound" aria-labelledby="sound-heading">
      <h2 id="sound-heading">Your sound</h2>
      <InputSelect inputs={inputs} onChosen={(capture) => state !== "off" && begin(capture)} />
      <div className="sound-check">
        <LevelMeter db={levelDb} label={on ? "Level of the microphone" : "The microphone is not being checked"} />
        {on && (
          <Button size="small" onClick={hear} disabled={echoing}>
            {echoing ? "Say something…" : "Hear yourself"}
          </Button>
        )}
        <Button size="small" onClick={() => (on ? end() : begin(settings.capture))} disabled={state === "asking"}>
          {on ? "End" : state === "asking" ? "Asking…" : "Check microphone"}
        </Button>
      </div>
      {trouble && <CheckTrouble trouble={microphoneTrouble(trouble, false)} onType={onType} />}
      <CaptureSwitches onCapture={(capture) => state !== "off" && begin(capture)} />
      <LineChoice />
    </section>
  );
}

type CheckTroubleProps = { trouble: ReturnType<typeof microphoneTrouble>; onType: () => void };

function CheckTrouble({ trouble, onType }: CheckTroubleProps) {
  return (
    <Banner level={trouble.level} title={trouble.title} text={trouble.text}>
      {trouble.ways.includes("type-instead") && (
        <Button size="small" onClick={onType}>
          Type instead
        </Button>
      )}
    </Banner>
  );
}
