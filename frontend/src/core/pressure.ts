import { shortNumber } from "./format";
import type { EdgeLive } from "./types";

/** How hard a wire is pressed: `high` slows messages down, `full` comes near to what a host takes at all. */
export type Pressure = "none" | "high" | "full";

/** Messages that wait at the end of a wire. */
const QUEUED = { high: 10, full: 500 };
/** Messages under way on a wire, being worked on or not: a host takes 2,000 in all. */
const UNDER_WAY = { high: 100, full: 1_000 };

export function pressureOf(live: EdgeLive | undefined): Pressure {
  const queued = live?.queued ?? 0;
  const underWay = live?.in_flight ?? 0;
  if (queued >= QUEUED.full || underWay >= UNDER_WAY.full) return "full";
  return queued >= QUEUED.high || underWay >= UNDER_WAY.high ? "high" : "none";
}

/** What a pressed wire says: how many wait, else how many are under way. */
export function pressureText({ queued, in_flight: underWay = 0 }: EdgeLive): string {
  return (queued ?? 0) >= QUEUED.high
    ? `queue ${shortNumber(queued ?? 0)}`
    : `${shortNumber(underWay)} under way`;
}
