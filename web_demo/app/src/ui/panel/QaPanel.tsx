// What QA see beside a call: figures as they come, where each turn's time went, the audit, the log.

import * as Tabs from "@radix-ui/react-tabs";

import { Button } from "../kit/Button";
import { AuditTable } from "./AuditTable";
import { EventLog } from "./EventLog";
import { Exports } from "./Exports";
import { LiveFigures } from "./LiveFigures";
import { TurnBars } from "./TurnBars";
import { useCallView } from "../../hooks/useVoice";

const PARTS = [
  { value: "live", name: "Live" },
  { value: "turns", name: "Turns" },
  { value: "audit", name: "Audit" },
  { value: "log", name: "Log" },
] as const;

export function QaPanel({ onClose }: { onClose: () => void }) {
  return (
    <aside className="panel" aria-label="Details for QA">
      <Tabs.Root defaultValue="live" className="panel-tabs">
        <header className="panel-head">
          <Tabs.List className="tabs" aria-label="Kinds of details">
            {PARTS.map(({ value, name }) => (
              <Tabs.Trigger key={value} value={value} className="tab">
                {name}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <Button look="quiet" icon="close" iconOnly onClick={onClose}>
            Close the details
          </Button>
        </header>
        <Tabs.Content value="live" className="panel-part">
          <LiveFigures />
        </Tabs.Content>
        <Tabs.Content value="turns" className="panel-part">
          <Turns />
        </Tabs.Content>
        <Tabs.Content value="audit" className="panel-part">
          <Audit />
        </Tabs.Content>
        <Tabs.Content value="log" className="panel-part panel-part-log">
          <EventLog />
        </Tabs.Content>
      </Tabs.Root>
      <Exports />
    </aside>
  );
}

function Turns() {
  return <TurnBars turns={useCallView((view) => view.turns)} />;
}

function Audit() {
  return <AuditTable lines={useCallView((view) => view.audits)} />;
}
