import { startTransition, useEffect, useState } from "react";

/** How many of `count` things to draw: `first` at once, then as many more each time the page has nothing better to do. */
export function useGrowing(count: number, first: number): number {
  const [shown, setShown] = useState(first);
  useEffect(() => {
    if (shown >= count) return;
    const timer = setTimeout(() => startTransition(() => setShown(shown + first)));
    return () => clearTimeout(timer);
  }, [count, first, shown]);
  return Math.min(shown, count);
}

/** Items of a list that are drawn before somebody asks for more of them. */
const PAGE = 100;

/** How many items of a list of any length to draw, and the way to more. */
export function useMore(): [shown: number, more: () => void] {
  const [shown, setShown] = useState(PAGE);
  return [shown, () => setShown(shown + PAGE)];
}
