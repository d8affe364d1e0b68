import { useState } from "react";

import type { CallDetail } from "../../net/protocol";
import { clock, count, milliseconds, moment } from "../../state/format";
import { callPath } from "../../state/route";
import { callerWords, reasonWords } from "../../state/words";
import { Button } from "../kit/Button";
import { Icon } from "../kit/Icon";

type CallHeadProps = { call: CallDetail; address: string; playable: boolean };

export function CallHead({ call, address, playable }: CallHeadProps) {
  const browser = call.door === "browser";
  const facts = [
    call.running ? "running" : clock(call.seconds),
    count(call.turns, "turn"),
    count(call.tools, "tool"),
    count(call.interruptions, "interruption"),
    ...(call.reply_p50_ms === null ? [] : [`median reply ${milliseconds(call.reply_p50_ms)}`]),
    ...(call.reason === "" ? [] : [reasonWords(call.reason)]),
  ];
  return (
    <header className="call-head">
      <div className="call-head-words">
        <h1>
          <span className={`call-door call-door-${call.door}`}>
            <Icon name={browser ? "browser" : "phone"} size={20} />
          </span>
          {browser ? "Browser call" : "Phone call"}, {moment(call.opened_at)}
        </h1>
        <p className="quiet">{[callerWords(call.caller), call.model].filter((part) => part !== "").join(" · ")}</p>
        <ul className="call-head-facts">
          {facts.map((fact) => (
            <li key={fact}>{fact}</li>
          ))}
        </ul>
      </div>
      <div className="call-head-ways">
        <CopyLink id={call.id} />
        {playable && <Download href={`${address}/recording.wav`} name={`${call.id}.wav`} words="Recording" />}
        <Download href={`${address}/events.jsonl`} name={`${call.id}.events.jsonl`} words="Events" />
        <Download href={`${address}/audit.csv`} name={`${call.id}.audit.csv`} words="Audit" />
      </div>
    </header>
  );
}

/** Files of several calls lie in one folder: each is named by its call. */
function Download({ href, name, words }: { href: string; name: string; words: string }) {
  return (
    <a className="button button-plain button-small" href={href} download={name}>
      <Icon name="download" size={16} />
      {words}
    </a>
  );
}

function CopyLink({ id }: { id: string }) {
  const [copied, setCopied] = useState<"" | "yes" | "no">("");
  const address = location.origin + callPath(id);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      setCopied("yes");
    } catch {
      setCopied("no");
    }
  };
  return (
    <>
      <Button size="small" icon={copied === "yes" ? "check" : "link"} onClick={() => void copy()}>
        {copied === "yes" ? "Link copied" : "Copy link"}
      </Button>
      <span className="sr-only" role="status">
        {copied === "yes" ? "The link to this call was copied" : ""}
      </span>
      {copied === "no" && (
        <label className="copy-by-hand">
          Copy it by hand <input className="input" readOnly value={address} onFocus={(event) => event.target.select()} />
        </label>
      )}
    </>
  );
}
