import { loudness } from "../../state/format";

const BARS = 16;

/** A level as bars that light up; for the ears there is nothing to say ten times a second. */
export function LevelMeter({ db, label }: { db: number; label: string }) {
  const lit = Math.round(loudness(db) * BARS);
  return (
    <div className="meter" role="img" aria-label={label}>
      {Array.from({ length: BARS }, (_, index) => (
        <span key={index} className={index < lit ? "meter-bar meter-lit" : "meter-bar"} />
      ))}
    </div>
  );
}
