import { Sparkline } from "./Sparkline";

type TileProps = {
  name: string;
  meaning: string;
  value: string;
  more: string;
  trend: readonly number[];
  second?: readonly number[];
};

export function Tile({ name, meaning, value, more, trend, second }: TileProps) {
  return (
    <section className="tile" title={meaning}>
      <h2 className="tile-name">
        {name}
        <span className="sr-only">. {meaning}</span>
      </h2>
      <p className="tile-value">{value}</p>
      <p className="tile-more">{more}</p>
      <Sparkline values={trend} {...(second ? { second } : {})} />
    </section>
  );
}
