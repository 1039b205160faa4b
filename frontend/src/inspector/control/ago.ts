const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** How long ago, in the one unit that matters. */
export function ago(ms: number): string {
  if (ms < 10 * SECOND) return "just now";
  if (ms < MINUTE) return `${String(Math.floor(ms / SECOND))} s ago`;
  if (ms < HOUR) return `${String(Math.floor(ms / MINUTE))} min ago`;
  if (ms < DAY) return `${String(Math.floor(ms / HOUR))} h ago`;
  const days = Math.floor(ms / DAY);
  return days === 1 ? "yesterday" : `${String(days)} days ago`;
}

/** Date and time as this browser writes them. */
export function exactly(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : moment.format(date);
}
