// One bar a turn: where the time between the caller's last word and Myra's first sound went.

import type { Bar } from "../../net/protocol";
import { axis, STAGES, stretches, total } from "../../state/bar";
import { milliseconds } from "../../state/format";

/** `name`: the turn's time in the call, by which it is found in the conversation. */
export type TurnBar = { id: string; name: string; bar: Bar; atTheEarMs: number | null; interrupted: boolean };

type TurnBarsProps = { turns: readonly TurnBar[]; compact?: boolean };

export function TurnBars({ turns, compact = false }: TurnBarsProps) {
  const answered = answeredOf(turns);
  if (answered.length === 0) {
    return <p className="panel-empty">After Myra's first reply its time is shown here, stretch by stretch.</p>;
  }
  const longest = axis(Math.max(...answered.map(({ bar }) => total(bar))));
  return (
    <div className="turn-bars">
      <ol className="turn-list" aria-hidden="true">
        {answered.map((turn) => (
          <TurnRow key={turn.id} turn={turn} longest={longest} />
        ))}
      </ol>
      <p className="turn-axis" aria-hidden="true">
        <span>0</span>
        <span>{milliseconds(longest / 2)}</span>
        <span>{milliseconds(longest)}</span>
      </p>
      <Legend />
      {compact ? <TurnTable turns={answered} hidden /> : <TurnTable turns={answered} hidden={false} />}
    </div>
  );
}

/** The greeting and what a turn says on after a tool have no waiting time of their own. */
export function answeredOf<T extends { bar: Bar }>(turns: readonly T[]): T[] {
  return turns.filter(({ bar }) => total(bar) > 0);
}

function TurnRow({ turn, longest }: { turn: TurnBar; longest: number }) {
  return (
    <li className="turn-row">
      <span className="turn-name">{turn.name}</span>
      <svg className="turn-bar" viewBox={`0 0 ${longest} 10`} preserveAspectRatio="none">
        {stretches(turn.bar).map(({ stage, name, from, ms }) => (
          <rect key={stage} className={`stage-${stage}`} x={from} y="0" width={ms} height="10">
            <title>{`${name}: ${milliseconds(ms)}`}</title>
          </rect>
        ))}
      </svg>
      <span className="turn-total">{milliseconds(total(turn.bar))}</span>
    </li>
  );
}

export function Legend() {
  return (
    <ul className="legend" aria-hidden="true">
      {STAGES.map(({ stage, name, meaning }) => (
        <li key={stage} title={meaning}>
          <svg viewBox="0 0 10 10" width="10" height="10">
            <rect className={`stage-${stage}`} width="10" height="10" rx="2" />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

function TurnTable({ turns, hidden }: { turns: readonly TurnBar[]; hidden: boolean }) {
  return (
    <div className={hidden ? "sr-only" : "table-frame"} tabIndex={hidden ? undefined : 0} role="region" aria-label="Time of each turn">
      <table className="table table-small">
        <caption className="sr-only">Where the time of each reply went, in milliseconds</caption>
        <thead>
          <tr>
            <th scope="col">Turn</th>
            {STAGES.map(({ stage, name }) => (
              <th key={stage} scope="col" className="number">
                {name}
              </th>
            ))}
            <th scope="col" className="number">
              At the ear
            </th>
          </tr>
        </thead>
        <tbody>
          {turns.map(({ id, name, bar, atTheEarMs, interrupted }) => (
            <tr key={id}>
              <th scope="row">
                {name}
                {interrupted && <span className="quiet"> interrupted</span>}
              </th>
              {STAGES.map(({ stage }) => (
                <td key={stage} className="number">
                  {bar[stage] === undefined ? "–" : Math.round(bar[stage])}
                </td>
              ))}
              <td className="number">{atTheEarMs === null ? "–" : Math.round(atTheEarMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
