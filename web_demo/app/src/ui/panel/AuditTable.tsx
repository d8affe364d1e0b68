import type { AuditLine } from "../../net/protocol";
import { verdictTone } from "../../state/words";

const COLUMNS: readonly { field: Exclude<keyof AuditLine, "verdict">; name: string }[] = [
  { field: "take", name: "Take" },
  { field: "response", name: "Reply" },
  { field: "chunks_sent", name: "Chunks" },
  { field: "samples_sent", name: "Sent" },
  { field: "samples_received", name: "Received" },
  { field: "samples_played", name: "Played" },
  { field: "samples_dropped", name: "Dropped" },
  { field: "underruns", name: "Underruns" },
];

/** Whether each take of Myra's sound got to the ear whole; numbers are samples. */
export function AuditTable({ lines }: { lines: readonly (AuditLine & { epoch?: number })[] }) {
  if (lines.length === 0) {
    return <p className="panel-empty">Each stretch of Myra's voice is accounted for here once it has ended.</p>;
  }
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Truncation audit">
      <table className="table table-small">
        <caption className="sr-only">Samples of each take: sent, received, played, dropped</caption>
        <thead>
          <tr>
            <th scope="col">Verdict</th>
            {COLUMNS.map(({ field, name }) => (
              <th key={field} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={`${line.epoch ?? 0}-${line.take}`}>
              <th scope="row">
                <span className={`verdict verdict-${verdictTone(line.verdict)}`}>{line.verdict}</span>
              </th>
              {COLUMNS.map(({ field }) => (
                <td key={field} className="number">
                  {line[field].toLocaleString("en-GB")}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
