import { memo, useMemo, type CSSProperties } from "react";

import type { CallDetail } from "../../net/protocol";
import { cuts, speech, tools, waits, type Span, type Window } from "../../state/timeline";

/** The same as the transcript's list beside it, for the eye alone. */
export const Lanes = memo(function Lanes({ call, window }: { call: CallDetail; window: Window }) {
  const lanes = useMemo(
    () => ({
      caller: speech(call, "caller"),
      myra: speech(call, "myra"),
      tools: tools(call),
      cuts: cuts(call),
      waits: waits(call),
    }),
    [call],
  );
  return (
    <div className="lanes" aria-hidden="true">
      <Lane name="Caller's words" spans={lanes.caller} window={window} worded />
      <Lane name="Myra's words" spans={lanes.myra} window={window} worded />
      <Lane name="Tools" spans={lanes.tools} window={window} worded />
      <Lane name="Interruptions" spans={lanes.cuts} window={window} />
      <Lane name="Waiting" spans={lanes.waits} window={window} />
    </div>
  );
});

type LaneProps = { name: string; spans: readonly (Span & { stage?: string })[]; window: Window; worded?: boolean };

function Lane({ name, spans, window, worded = false }: LaneProps) {
  const shown = spans.filter(({ from, to }) => to >= window.from && from <= window.to);
  return (
    <div className="lane">
      <span className="lane-name">{name}</span>
      {shown.map((span) => (
        <span
          key={span.key}
          className={`span span-${span.tone}${span.stage ? ` stage-${span.stage}` : ""}`}
          style={placed(span, window)}
          title={span.label}
        >
          {worded && <span className="span-words">{span.label}</span>}
        </span>
      ))}
    </div>
  );
}

function placed({ from, to }: Span, window: Window): CSSProperties {
  const span = window.to - window.from;
  const left = Math.max(from, window.from);
  const right = Math.min(to, window.to);
  return { left: `${(100 * (left - window.from)) / span}%`, width: `${(100 * (right - left)) / span}%` };
}
