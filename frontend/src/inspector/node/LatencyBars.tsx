import { latencyBars } from "../../core/latency";

/** How many of the last messages took how long, as bars; nothing while there were none. */
export function LatencyBars({ counts }: { counts: readonly number[] | undefined }) {
  const bars = latencyBars(counts ?? []);
  if (bars.length === 0) return null;
  const most = Math.max(...bars.map(({ count }) => count));
  return (
    <figure className="latency">
      <figcaption className="small muted">How long the messages of the last seconds took</figcaption>
      <ul className="latency__bars">
        {bars.map(({ label, count }) => (
          <li key={label}>
            <span className="latency__count num">{count > 0 ? count : ""}</span>
            <i style={{ height: `${String(Math.round((count / most) * 40))}px` }} aria-hidden="true" />
            <span className="latency__label num">{label}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
