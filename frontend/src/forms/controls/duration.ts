/** Durations as people write them ("1m 30s") and as ISO 8601 has them ("PT1M30S"). */

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
type Unit = keyof typeof UNITS;

const ISO = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const WORDS = /^(?:\d+(?:\.\d+)?\s*(?:ms|d|h|m|s)\s*)+$/;

/** Milliseconds of either form; undefined for anything else. */
export function milliseconds(text: string): number | undefined {
  const iso = ISO.exec(text.trim());
  if (iso && /\d/.test(text)) {
    const [days, hours, minutes, seconds] = iso.slice(1).map((part) => Number(part ?? 0));
    return (
      (days ?? 0) * UNITS.d + (hours ?? 0) * UNITS.h + (minutes ?? 0) * UNITS.m + (seconds ?? 0) * UNITS.s
    );
  }
  if (!WORDS.test(text.trim())) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|d|h|m|s)/g)) {
    total += Number(amount) * UNITS[unit as Unit];
  }
  return Math.round(total * 1_000) / 1_000;
}

export function toWords(total: number): string {
  const parts: string[] = [];
  let rest = total;
  for (const unit of ["d", "h", "m", "s", "ms"] as const) {
    const amount = unit === "ms" ? rest : Math.floor(rest / UNITS[unit]);
    if (amount) parts.push(`${amount}${unit}`);
    rest -= amount * UNITS[unit];
  }
  return parts.join(" ") || "0s";
}

export function toIso(total: number): string {
  const days = Math.floor(total / UNITS.d);
  const hours = Math.floor((total % UNITS.d) / UNITS.h);
  const minutes = Math.floor((total % UNITS.h) / UNITS.m);
  const seconds = (total % UNITS.m) / UNITS.s;
  const time = `${hours ? `${hours}H` : ""}${minutes ? `${minutes}M` : ""}${seconds ? `${seconds}S` : ""}`;
  if (!days && !time) return "PT0S";
  return `P${days ? `${days}D` : ""}${time ? `T${time}` : ""}`;
}
