import { shapeOf, spanText, summaryOf } from "./shape";
import "./chart.css";
import type { Point } from "./series";
import { useSeries } from "./useSeries";

/** Newest rows of the table. */
const MAX_ROWS = 20;
const time = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

interface ChartProps {
  /** Node and field. */
  name: string;
  label: string;
  value: number | undefined;
  kind: "sparkline" | "line";
  write: (value: number) => string;
}

/** Recent values of a live number: a drawing for eyes, a sentence for ears, and of a diagram a table for both. */
export function Chart({ name, label, value, kind, write }: ChartProps) {
  const { points, now } = useSeries(name, value);
  const shape = shapeOf(points, now);
  return (
    <figure className={`chart chart--${kind}`}>
      <figcaption className="unseen">
        {label}: {summaryOf(points, now, write)}
      </figcaption>
      <div className="chart__drawing" aria-hidden="true">
        <svg viewBox="0 0 100 100" preserveAspectRatio="none">
          {shape && (
            <>
              <path className="chart__area" d={shape.area} />
              <path className="chart__line" d={shape.line} vectorEffect="non-scaling-stroke" />
            </>
          )}
        </svg>
        {kind === "line" && (
          <>
            <span
              className={`chart__high num ${shape?.lowest === shape?.highest ? "chart__high--flat" : ""}`}
            >
              {shape ? write(shape.highest) : ""}
            </span>
            <span className="chart__low num">
              {shape && shape.lowest !== shape.highest ? write(shape.lowest) : ""}
            </span>
            <span className="chart__since num">{shape ? `${spanText(shape.span)} ago` : ""}</span>
            <span className="chart__now">now</span>
          </>
        )}
      </div>
      {kind === "line" && <Values label={label} points={points} write={write} />}
    </figure>
  );
}

function Values({
  label,
  points,
  write,
}: Pick<ChartProps, "label" | "write"> & { points: readonly Point[] }) {
  return (
    <details className="chart__values">
      <summary>
        Values<span className="unseen"> of {label} as a table</span>
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">{label}</th>
          </tr>
        </thead>
        <tbody>
          {points
            .slice(-MAX_ROWS)
            .reverse()
            .map((point) => (
              <tr key={point.at}>
                <td className="num">{time.format(point.at)}</td>
                <td className="num">{write(point.value)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </details>
  );
}
