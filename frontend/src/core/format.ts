const GROUPED = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** 1 wire, 2 wires, 3,530 wires. */
export function count(n: number, noun: string): string {
  return `${GROUPED.format(n)} ${noun}${n === 1 ? "" : "s"}`;
}

/** Short and of steady width: 0.2, 12, 1.2k, 3.4M. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 999_500) return `${trim(value / 1_000_000)}M`;
  if (size >= 999.5) return `${trim(value / 1000)}k`;
  return size >= 10 ? String(Math.round(value)) : trim(value);
}

export function rateText(perSecond: number): string {
  return `${shortNumber(perSecond)}/s`;
}

/** <0.1 ms, 0.4 ms, 14 ms, 2.1 s. */
export function durationText(ms: number): string {
  if (ms > 0 && ms < 0.1) return "<0.1 ms";
  return ms >= 1000 ? `${trim(ms / 1000)} s` : `${shortNumber(ms)} ms`;
}

function trim(value: number): string {
  return GROUPED.format(value);
}
