import { useFigures } from "../../hooks/useAudio";
import { useSettings } from "../../hooks/useSettings";
import { useCallView, useVoice } from "../../hooks/useVoice";
import { decibels, kilohertz, milliseconds, percentile } from "../../state/format";
import { layerWords } from "../../state/words";
import { Tile } from "./Tile";
import { answeredOf, TurnBars } from "./TurnBars";

const NEWEST_TURNS = 3;

export function LiveFigures() {
  return (
    <>
      <div className="tiles">
        <ReplyTiles />
        <NetworkTiles />
        <SoundTiles />
      </div>
      <NewestTurns />
    </>
  );
}

function ReplyTiles() {
  const turns = useCallView((view) => view.turns);
  const bargeIns = useCallView((view) => view.bargeIns);
  const replies = turns.map(({ atTheEarMs }) => atTheEarMs).filter((ms) => ms !== null);
  const spoken = bargeIns.filter(({ onsetToStopMs }) => onsetToStopMs !== null);
  const stops = spoken.map(({ onsetToStopMs }) => onsetToStopMs).filter((ms) => ms !== null);
  const ducked = spoken.at(-1)?.duckMs ?? null;
  const stopMs = bargeIns.at(-1)?.stopMs ?? null;
  return (
    <>
      <Tile
        name="Reply at the ear"
        meaning="From your last voiced sound to Myra's first audible one"
        value={milliseconds(percentile(replies, 0.5))}
        more={`p95 ${milliseconds(percentile(replies, 0.95))}`}
        trend={replies}
      />
      <Tile
        name="Barge-in"
        meaning="From the first sound of your voice until Myra is silent; a stop by button or text has none of it, only the time from the order to silence"
        value={milliseconds(stops.at(-1))}
        more={`ducked ${milliseconds(ducked)}, stop took ${milliseconds(stopMs)}`}
        trend={stops}
      />
    </>
  );
}

function NetworkTiles() {
  const figures = useFigures(useVoice());
  const trends = useCallView((view) => view.trends);
  return (
    <>
      <Tile
        name="Round trip"
        meaning="Ping to the server and back"
        value={milliseconds(figures?.rttMs)}
        more={`${figures?.inFlight ?? 0} in flight, ${figures?.queuedMs ?? 0} ms queued`}
        trend={trends.rttMs}
      />
      <Tile
        name="Jitter buffer"
        meaning="How much of Myra's voice is held ready; the dashed line is the target"
        value={milliseconds(figures?.jitterDepthMs)}
        more={`target ${milliseconds(figures?.jitterTargetMs)}`}
        trend={trends.jitterDepthMs}
        second={trends.jitterTargetMs}
      />
    </>
  );
}

function SoundTiles() {
  const figures = useFigures(useVoice());
  const trends = useCallView((view) => view.trends);
  return (
    <>
      <Tile
        name="Microphone"
        meaning="Its level; clipped samples are too loud"
        value={decibels(figures?.micLevelDb)}
        more={`${figures?.clipped ?? 0} clipped`}
        trend={trends.micLevelDb}
      />
      <Tile
        name="Speech"
        meaning="How sure the page is that you are speaking"
        value={`${Math.round((figures?.speech ?? 0) * 100)} %`}
        more={`echo leak ${figures?.echoLeak === null || !figures ? "–" : figures.echoLeak.toFixed(3)}`}
        trend={trends.speech}
      />
      <Facts />
    </>
  );
}

function Facts() {
  const figures = useFigures(useVoice());
  const layer = useCallView((view) => view.layer);
  const { settings } = useSettings();
  const facts: [string, string][] = [
    ["Underruns", String(figures?.underruns ?? 0)],
    ["Late frames", String(figures?.lateFrames ?? 0)],
    ["Gaps in your voice", String(figures?.micGaps ?? 0)],
    ["Way of sound", layer ? layerWords(layer.layer) : "–"],
    ["Rates in, out", `${kilohertz(figures?.inRate ?? 0)}, ${kilohertz(figures?.outRate ?? 0)}`],
    ["Output latency", milliseconds(figures?.outputLatencyMs)],
    ["Line", settings.line === "pstn" ? "telephone" : "wide band"],
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function NewestTurns() {
  const turns = useCallView((view) => view.turns);
  if (turns.length === 0) return null;
  return (
    <section aria-labelledby="newest-turns">
      <h2 id="newest-turns" className="panel-title">
        Newest turns
      </h2>
      <TurnBars turns={answeredOf(turns).slice(-NEWEST_TURNS)} compact />
    </section>
  );
}
