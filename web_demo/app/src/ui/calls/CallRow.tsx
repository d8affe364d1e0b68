import type { Call } from "../../net/protocol";
import { clock, count, milliseconds, moment, spokenTime } from "../../state/format";
import { callPath } from "../../state/route";
import { callerWords, saidWords } from "../../state/words";
import { Icon } from "../kit/Icon";
import { Link } from "../kit/Link";

export function CallRow({ call }: { call: Call }) {
  const browser = call.door === "browser";
  return (
    <li>
      <Link href={callPath(call.id)} className="call-row">
        <span className={`call-door call-door-${call.door}`} title={browser ? "Browser" : "Phone"}>
          <Icon name={browser ? "browser" : "phone"} size={18} />
          <span className="sr-only">{browser ? "Browser" : "Phone"}</span>
        </span>
        <span className="call-main">
          <span className="call-first">{saidWords(call.first_words) || (call.running ? "The caller said nothing yet" : "The caller said nothing")}</span>
          <span className="call-when">
            {[callerWords(call.caller), moment(call.opened_at)].filter((part) => part !== "").join(" · ")}
          </span>
        </span>
        <span className="call-facts">
          <span>{count(call.turns, "turn")}</span>
          {call.tools > 0 && <span>{count(call.tools, "tool")}</span>}
          {call.interruptions > 0 && <span>{count(call.interruptions, "interruption")}</span>}
        </span>
        <span className="call-reply" title="Median time to Myra's reply">
          {call.reply_p50_ms !== null && (
            <>
              <span className="sr-only">Median reply </span>
              {milliseconds(call.reply_p50_ms)}
            </>
          )}
        </span>
        <span className="call-length">
          {call.running ? (
            <span className="badge badge-live">Running</span>
          ) : (
            <>
              <span aria-hidden="true">{clock(call.seconds)}</span>
              <span className="sr-only">{spokenTime(call.seconds)}</span>
            </>
          )}
        </span>
        <Icon name="chevron" size={18} />
      </Link>
    </li>
  );
}
