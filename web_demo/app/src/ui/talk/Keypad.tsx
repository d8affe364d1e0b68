import { useState } from "react";

import { useCommunication } from "../../hooks/useCommunication";
import { useVoice } from "../../hooks/useVoice";
import { Dialog } from "../kit/Dialog";

const KEYS: readonly [string, string][] = [
  ["1", ""],
  ["2", "ABC"],
  ["3", "DEF"],
  ["4", "GHI"],
  ["5", "JKL"],
  ["6", "MNO"],
  ["7", "PQRS"],
  ["8", "TUV"],
  ["9", "WXYZ"],
  ["*", ""],
  ["0", "+"],
  ["#", ""],
];
const SHOWN = 24;

export function Keypad({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} title="Keypad" onClose={onClose}>
      <Keys />
    </Dialog>
  );
}

/** Digits of a keyboard press the pad's keys too. */
function Keys() {
  const { sendDtmf } = useCommunication(useVoice());
  const [pressed, setPressed] = useState("");
  const press = (digit: string) => {
    sendDtmf(digit);
    setPressed((before) => (before + digit).slice(-SHOWN));
  };
  return (
    <div
      className="keypad"
      onKeyDown={(event) => {
        if (/^[0-9*#]$/u.test(event.key)) press(event.key);
      }}
    >
      <output className="keypad-pressed" aria-label="Keys pressed">
        {pressed || "\u00a0"}
      </output>
      {KEYS.map(([digit, letters]) => (
        <button key={digit} type="button" className="keypad-key" onClick={() => press(digit)}>
          <span>{digit}</span>
          <small aria-hidden="true">{letters}</small>
        </button>
      ))}
    </div>
  );
}
