import type { Template } from "./types";

const WIDTH = 200;
const HEIGHT = 64;
const MARGIN = 48;
const LEAST = { width: 1_000, height: 440 };

/** A small picture of a flow: its cards and wires. */
export function Preview({ nodes, wires }: Pick<Template, "nodes" | "wires">) {
  if (nodes.length === 0) return <span className="preview" />;
  const left = Math.min(...nodes.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...nodes.map(({ y }) => y)) - MARGIN;
  const width = Math.max(...nodes.map(({ x }) => x)) + WIDTH + MARGIN - left;
  const height = Math.max(...nodes.map(({ y }) => y)) + HEIGHT + MARGIN - top;
  const wide = Math.max(width, LEAST.width);
  const high = Math.max(height, LEAST.height);
  const box = [left - (wide - width) / 2, top - (high - height) / 2, wide, high].join(" ");
  return (
    <span className="preview">
      <svg viewBox={box} aria-hidden="true">
        <path
          d={wires
            .map(([source, target]) => wire(nodes[source], nodes[target]))
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

type Place = { readonly x: number; readonly y: number } | undefined;

function wire(source: Place, target: Place): string {
  if (!source || !target) return "";
  const [x, y] = [source.x + WIDTH, source.y + HEIGHT / 2];
  const [toX, toY] = [target.x, target.y + HEIGHT / 2];
  const reach = Math.max(Math.abs(toX - x) / 2, 60);
  const sag = toX > x ? 0 : 2 * HEIGHT;
  return `M${[x, y].join(" ")}C${[x + reach, y + sag, toX - reach, toY + sag, toX, toY].join(" ")}`;
}
