import { useId, useState } from "react";

import { useCallView } from "../../hooks/useVoice";
import type { LogEntry } from "../../state/view";
import { Select } from "../kit/Fields";

/** More at once would be read by nobody; the export has them all. */
const SHOWN = 300;

export function EventLog() {
  const log = useCallView((view) => view.log);
  const [kind, setKind] = useState("");
  const [wanted, setWanted] = useState("");
  const id = useId();
  const kinds = [...new Set(log.map(({ what }) => what))].sort();
  const entries = log.filter((entry) => matches(entry, kind, wanted)).slice(-SHOWN).reverse();
  return (
    <>
      <div className="log-filters">
        <div className="field">
          <label htmlFor={id} className="field-label">
            Containing
          </label>
          <input id={id} className="input" type="search" value={wanted} onChange={(event) => setWanted(event.target.value)} />
        </div>
        <Select
          label="Kind"
          value={kind}
          options={[{ value: "", label: "All" }, ...kinds.map((one) => ({ value: one, label: one }))]}
          onChange={setKind}
        />
      </div>
      {entries.length === 0 ? (
        <p className="panel-empty">{log.length === 0 ? "Events appear here, newest first." : "No event fits."}</p>
      ) : (
        <ol className="log" tabIndex={0} aria-label="Events, newest first">
          {entries.map((entry) => (
            <li key={entry.id} className="log-entry">
              <span className="log-at">{entry.at.toFixed(2)}</span>
              <span className="log-what">{entry.what}</span>
              <code className="log-detail">{JSON.stringify(entry.detail)}</code>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function matches(entry: LogEntry, kind: string, wanted: string): boolean {
  if (kind !== "" && entry.what !== kind) return false;
  if (wanted === "") return true;
  return `${entry.what} ${JSON.stringify(entry.detail)}`.toLowerCase().includes(wanted.toLowerCase());
}
