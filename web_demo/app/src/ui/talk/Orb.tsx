import { useFigures } from "../../hooks/useAudio";
import { useVoice } from "../../hooks/useVoice";
import type { CallState } from "../../net/protocol";
import { loudness } from "../../state/format";

/** Myra, as far as one can see a voice: it breathes with whoever speaks, and rests otherwise. */
export function Orb({ state }: { state: CallState }) {
  const figures = useFigures(useVoice());
  const speaking = state === "speaking";
  const db = speaking ? figures?.myraLevelDb : state === "hearing" || state === "listening" ? figures?.micLevelDb : null;
  const level = loudness(db ?? -100);
  const radius = 15 + 5 * level;
  return (
    <svg className={`orb orb-${state}`} viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
      <circle className="orb-halo" cx="24" cy="24" r={radius + 3.5} />
      <circle className="orb-ring" cx="24" cy="24" r={radius} />
      <circle className="orb-core" cx="24" cy="24" r="12" />
      <path className="orb-wave" d="M17.5 24h2l2-5 3 10 3-8 1.5 3h2" />
    </svg>
  );
}
