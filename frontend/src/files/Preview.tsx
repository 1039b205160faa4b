import type { Template } from "./types";

const WIDTH = 200;
const HEIGHT = 64;
const MARGIN = 48;
/** How far a wire that leads back is pulled below its nodes. */
const SAG = 2 * HEIGHT;
const LEAST = { width: 1_000, height: 440 };

/** A small picture of a flow: its cards and wires. */
export function Preview({ nodes, wires }: Pick<Template, "nodes" | "wires">) {
  if (nodes.length === 0) return <span className="preview" />;
  const left = Math.min(...nodes.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...nodes.map(({ y }) => y)) - MARGIN;
  const width = Math.max(...nodes.map(({ x }) => x)) + WIDTH + MARGIN - left;
  const ends = wires.map(([source, target]) => [nodes[source], nodes[target]] as const);
  const sagging = ends.map(([source, target]) =>
    source && target && leadsBack(source, target)
      ? Math.max(source.y, target.y) - HEIGHT / 2 + 0.75 * SAG
      : top,
  );
  const height = Math.max(...nodes.map(({ y }) => y), ...sagging) + HEIGHT + MARGIN - top;
  const wide = Math.max(width, LEAST.width);
  const high = Math.max(height, LEAST.height);
  const box = [left - (wide - width) / 2, top - (high - height) / 2, wide, high].join(" ");
  return (
    <span className="preview">
      <svg viewBox={box} aria-hidden="true">
        <path
          d={ends
            .map(([source, target]) => (source && target ? wire(source, target) : ""))
            .filter(Boolean)
            .join(" ")}
        />
        {nodes.map(({ x, y }, at) => (
          <rect key={at} x={x} y={y} width={WIDTH} height={HEIGHT} rx={12} />
        ))}
      </svg>
    </span>
  );
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function leadsBack(source: Place, target: Place): boolean {
  return target.x <= source.x + WIDTH;
}

/** One that leads back reaches out no further than the margin has room for. */
function wire(source: Place, target: Place): string {
  const back = leadsBack(source, target);
  const [x, y] = [source.x + WIDTH, source.y + HEIGHT / 2];
  const [toX, toY] = [target.x, target.y + HEIGHT / 2];
  const half = Math.max(Math.abs(toX - x) / 2, 60);
  const [reach, sag] = back ? [Math.min(half, 2 * MARGIN), SAG] : [half, 0];
  return `M${[x, y].join(" ")}C${[x + reach, y + sag, toX - reach, toY + sag, toX, toY].join(" ")}`;
}
