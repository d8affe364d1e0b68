import { qualityWords } from "../../state/words";

/** What the line measured, each figure with its median, and its worst where that is another. */
export function Quality({ quality }: { quality: Record<string, number | string> }) {
  const names = Object.keys(quality).filter((name) => !name.endsWith("_max"));
  if (names.length === 0) return null;
  return (
    <section className="card">
      <h2>Quality</h2>
      <dl className="facts">
        {names.map((name) => (
          <div key={name}>
            <dt>{qualityWords(name)}</dt>
            <dd>{shown(quality[name], quality[`${name}_max`])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function shown(value: number | string | undefined, worst: number | string | undefined): string {
  const one = value === undefined ? "–" : value.toLocaleString("en-GB");
  return worst === undefined || worst === value ? one : `${one}, worst ${worst.toLocaleString("en-GB")}`;
}
