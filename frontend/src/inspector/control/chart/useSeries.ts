import { useEffect, useState } from "react";

import { record, recorded, type Point } from "./series";

/** How often a drawing moves on while its value stays. */
const TICK_MS = 1_000;

interface SeriesNow {
  points: readonly Point[];
  now: number;
}

/** The recent values of a live number, and the moment they are drawn at. */
export function useSeries(key: string, value: number | undefined): SeriesNow {
  const [drawn, setDrawn] = useState<SeriesNow>(() => ({ points: recorded(key), now: Date.now() }));
  useEffect(() => {
    const draw = (): void => {
      const now = Date.now();
      setDrawn({ points: value === undefined ? recorded(key) : record(key, value, now), now });
    };
    draw();
    const timer = setInterval(draw, TICK_MS);
    return () => clearInterval(timer);
  }, [key, value]);
  return drawn;
}
