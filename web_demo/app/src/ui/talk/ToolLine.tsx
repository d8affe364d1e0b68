import { clock, milliseconds } from "../../state/format";
import type { ToolRun } from "../../state/view";
import { statusWords, toolWords } from "../../state/words";
import { Icon } from "../kit/Icon";

/** One deed of Myra's: what, how long, how it went, and when she spoke of it; inside, the details. */
export function ToolLine({ tool }: { tool: ToolRun }) {
  const running = tool.phase === "started";
  const good = tool.status === "" || tool.status === "ok";
  return (
    <details className={`tool${running ? " tool-running" : ""}${good ? "" : " tool-bad"}`}>
      <summary>
        <span className="tool-icon">
          <Icon name={running ? "tool" : good ? "check" : "alert"} size={16} />
        </span>
        <span className="tool-name">{toolWords(tool.name, running)}</span>
        <span className="tool-facts">
          {running ? "at it…" : [statusWords(tool.status), milliseconds(tool.ms)].filter(Boolean).join(" · ")}
        </span>
        <Spoken tool={tool} />
        <Icon name="chevron" size={16} />
      </summary>
      <dl className="tool-details">
        <dt>Tool</dt>
        <dd>
          <code>{tool.name}</code> at {clock(tool.at)}
        </dd>
        <dt>Asked</dt>
        <dd>
          <Fields of={tool.args} none="nothing in particular" />
        </dd>
        <dt>Answered</dt>
        <dd>{tool.result ? <Fields of={tool.result} none="nothing" /> : <span className="quiet">not yet</span>}</dd>
      </dl>
    </details>
  );
}

function Spoken({ tool }: { tool: ToolRun }) {
  if (tool.spokenAt === null) return null;
  const after = Math.max(0, tool.spokenAt - tool.at - (tool.ms ?? 0) / 1000);
  return <span className="tool-spoken">spoken of after {after.toFixed(1)} s</span>;
}

export function Fields({ of: fields, none }: { of: Record<string, unknown>; none: string }) {
  const entries = Object.entries(fields);
  if (entries.length === 0) return <span className="quiet">{none}</span>;
  return (
    <ul className="fields">
      {entries.map(([name, value]) => (
        <li key={name}>
          <span className="fields-name">{name.replaceAll("_", " ")}</span> <code>{shown(value)}</code>
        </li>
      ))}
    </ul>
  );
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
