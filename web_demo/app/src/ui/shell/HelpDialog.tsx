import { Dialog } from "../kit/Dialog";

const KEYS: readonly [string, string][] = [
  ["Space", "Talk; in a call mute and unmute"],
  ["Esc", "Stop Myra's speech"],
  ["/", "Type to Myra"],
  ["P", "Phone line on and off"],
  ["D", "Details for QA on and off"],
  ["?", "This help"],
  ["← →", "In a recording: one second; with Shift five"],
];

export function HelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} title="Help and keys" onClose={onClose}>
      <p>
        Myra is the voice of the Cymbol Travels hotline. Here she answers in the browser exactly as she does on the
        telephone. Interrupt her whenever you like; she stops and listens.
      </p>
      <dl className="keys">
        {KEYS.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">
        With “Phone line” both directions take the telephone's own path: 8 kHz, μ-law, with the loss and the jitter you
        set. Switch it on and off in mid-sentence to compare.
      </p>
    </Dialog>
  );
}
