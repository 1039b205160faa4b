import { rateText } from "../core/format";
import { pressureOf, pressureText } from "../core/pressure";
import type { EdgeLive, Verdict } from "../core/types";

interface WireChipProps {
  live: EdgeLive | undefined;
  verdict: Verdict | undefined;
}

/** Whether there is anything to show in the middle of a wire. */
export function hasChip({ live, verdict }: WireChipProps): boolean {
  const doubtful = verdict !== undefined && verdict.outcome !== "valid";
  return Boolean(live?.error) || (live?.rate ?? 0) > 0 || pressureOf(live) !== "none" || doubtful;
}

/** What stands in the middle of a wire: what went wrong, else what is wrong with its mapping, else what waits on it, else its rate. */
export function WireChip({ live, verdict }: WireChipProps) {
  if (live?.error) {
    return (
      <span className="wire__chip is-error">
        <i className="mark" aria-hidden="true" />
        Error
      </span>
    );
  }
  if (verdict?.outcome === "invalid") {
    return (
      <span className="wire__chip is-error">
        <i className="mark" aria-hidden="true" />
        Mapping
      </span>
    );
  }
  const pressure = pressureOf(live);
  if (live && pressure !== "none") {
    return (
      <span className={`wire__chip num ${pressure === "full" ? "is-error" : "is-warning"}`}>
        {pressure === "full" && <i className="mark" aria-hidden="true" />}
        {pressureText(live)}
      </span>
    );
  }
  const rate = live?.rate ?? 0;
  if (rate > 0) return <span className="wire__chip wire__chip--rate num">{rateText(rate)}</span>;
  if (verdict?.outcome === "unverifiable") {
    return (
      <span className="wire__chip wire__chip--small is-warning" aria-label="Mapping cannot be verified">
        ?
      </span>
    );
  }
  return null;
}
