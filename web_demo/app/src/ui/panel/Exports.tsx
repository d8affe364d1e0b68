import { useState } from "react";

import { useCallView, useVoice } from "../../hooks/useVoice";
import { Button } from "../kit/Button";

/** What QA take home of this call. */
export function Exports() {
  const voice = useVoice();
  const conversation = useCallView((view) => view.session?.conversation ?? "call");
  const [trouble, setTrouble] = useState("");
  const save = async (made: Promise<Blob>, name: string) => {
    try {
      download(await made, `${conversation}${name}`);
      setTrouble("");
    } catch (error) {
      setTrouble(`This could not be saved: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return (
    <footer className="exports">
      <h2 className="sr-only">Save</h2>
      <Button size="small" icon="download" onClick={() => void save(voice.exportRecording(), ".wav")}>
        Recording
      </Button>
      <Button size="small" icon="download" onClick={() => void save(voice.exportEvents(), ".events.jsonl")}>
        Events
      </Button>
      <Button size="small" icon="download" onClick={() => void save(voice.exportAudit(), ".audit.csv")}>
        Audit
      </Button>
      {trouble && <p role="alert">{trouble}</p>}
    </footer>
  );
}

function download(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
