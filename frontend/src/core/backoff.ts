/**
 * How long to wait before the next attempt, in ms: doubling from `first` to `most`, with jitter so that
 * many browsers do not come back in the same moment after a restart.
 */
export function backoff(
  attempt: number,
  first: number,
  most: number,
  random: () => number = Math.random,
): number {
  const ceiling = Math.min(most, first * 2 ** Math.min(attempt, 30));
  return ceiling * (0.5 + random() / 2);
}
