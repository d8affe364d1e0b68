import { useEffect, useRef } from "react";

import type { Player } from "../../hooks/usePlayer";
import type { CallDetail, CallTool, CallTurn } from "../../net/protocol";
import { total } from "../../state/bar";
import { clock, milliseconds } from "../../state/format";
import { unheardRest } from "../../state/heard";
import { turnAt, wordsOf } from "../../state/timeline";
import { ToolLine } from "../talk/ToolLine";

type Entry = { at: number; turn: CallTurn } | { at: number; tool: CallTool };

export function CallTranscript({ call, player }: { call: CallDetail; player: Player }) {
  const now = turnAt(call.transcript, player.time);
  const current = useCurrent(now?.position ?? null, player.playing);
  const entries: Entry[] = [
    ...call.transcript.map((turn) => ({ at: turn.started, turn })),
    ...call.tool_calls.map((tool) => ({ at: tool.started, tool })),
  ].sort((a, b) => a.at - b.at);
  if (entries.length === 0) {
    return <p className="card panel-empty">{call.running ? "Nothing was said yet." : "Nothing was said."}</p>;
  }
  return (
    <section className="card transcript" aria-labelledby="transcript-heading">
      <h2 id="transcript-heading">Transcript</h2>
      <ol className="conversation-list">
        {entries.map((entry) =>
          "turn" in entry ? (
            <li
              key={`turn-${entry.turn.position}`}
              ref={entry.turn === now ? current : undefined}
              className={`entry entry-${entry.turn.speaker}`}
              aria-current={entry.turn === now ? "true" : undefined}
            >
              <Turn turn={entry.turn} player={player} />
            </li>
          ) : (
            <li key={`tool-${entry.tool.id}`} className="entry entry-tool">
              <ToolLine tool={finished(entry.tool)} />
            </li>
          ),
        )}
      </ol>
    </section>
  );
}

/** While it plays the current turn stays in sight; the list scrolls, not the page. */
function useCurrent(position: number | null, playing: boolean) {
  const current = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const item = current.current;
    const list = item?.parentElement;
    if (!playing || position === null || !item || !list) return;
    const above = item.offsetTop < list.scrollTop;
    const below = item.offsetTop + item.offsetHeight > list.scrollTop + list.clientHeight;
    if (above || below) list.scrollTo({ top: item.offsetTop - list.clientHeight / 3 });
  }, [position, playing]);
  return current;
}

function Turn({ turn, player }: { turn: CallTurn; player: Player }) {
  const { seek, play } = player;
  const myra = turn.speaker === "myra";
  const waited = total(turn.latency);
  const rest = myra && turn.interrupted ? unheardRest(turn.text, turn.heard) : "";
  return (
    <article className="utterance">
      <header className="utterance-head">
        <span className="utterance-who">{myra ? "Myra" : "Caller"}</span>
        <button
          type="button"
          className="utterance-at utterance-play"
          aria-label={`Play from ${clock(turn.started)}`}
          onClick={() => {
            seek(turn.started);
            play();
          }}
        >
          {clock(turn.started)}
        </button>
        {myra && waited > 0 && <span className="utterance-waited">after {milliseconds(waited)}</span>}
      </header>
      <p className="utterance-words">
        {wordsOf(turn) || <span className="quiet">{myra ? "Nothing was heard." : "Not understood."}</span>}
        {rest !== "" && (
          <>
            {" "}
            <del className="unheard">
              <span className="sr-only">Interrupted. Not heard: </span>
              {rest}
            </del>
          </>
        )}
      </p>
    </article>
  );
}

function finished(tool: CallTool) {
  return {
    kind: "tool" as const,
    key: tool.id,
    id: tool.id,
    name: tool.name,
    phase: "finished" as const,
    args: tool.args,
    result: tool.result,
    status: tool.status,
    ms: 1000 * (tool.ended - tool.started),
    at: tool.started,
    spokenAt: null,
  };
}
