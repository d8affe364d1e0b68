import { useEffect, useRef } from "react";
import uPlot from "uplot";

const HEIGHT = 30;

type SparklineProps = { values: readonly number[]; second?: readonly number[] };

/** The newest values as a line without axes; its number stands beside it, so it is decoration. */
export function Sparkline({ values, second }: SparklineProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const two = second !== undefined;

  useEffect(() => {
    const element = frame.current;
    if (!element || !canDraw()) return;
    const made = new uPlot(options(element, two), two ? [[], [], []] : [[], []], element);
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [two]);

  useEffect(() => {
    const at = values.map((_, index) => index);
    plot.current?.setData(second ? [at, [...values], [...second]] : [at, [...values]]);
  }, [values, second]);

  return <div ref={frame} className="sparkline" aria-hidden="true" />;
}

function canDraw(): boolean {
  return document.createElement("canvas").getContext("2d") !== null;
}

/** Levels are below nought: the area is filled from the bottom all the same. */
function lowest(plot: uPlot): number {
  return plot.scales["y"]?.min ?? 0;
}

function options(element: HTMLElement, two: boolean): uPlot.Options {
  // A canvas knows no custom properties: the style sheet hands the theme's colours over in these.
  const style = getComputedStyle(element);
  const points = { show: false };
  const line: uPlot.Series = { stroke: () => style.color, fill: () => style.borderTopColor, fillTo: lowest, width: 1.5, points };
  const target: uPlot.Series = { stroke: () => style.outlineColor, width: 1, dash: [3, 3], points };
  return {
    width: element.clientWidth || 120,
    height: HEIGHT,
    padding: [3, 0, 2, 0],
    cursor: { show: false },
    legend: { show: false },
    scales: { x: { time: false } },
    axes: [{ show: false }, { show: false }],
    series: two ? [{}, line, target] : [{}, line],
  };
}
