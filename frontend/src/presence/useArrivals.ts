import { useEffect, useRef, useState } from "react";
import { namesOf, type Person } from "./people";

/** Who came and who went, in words for a screen reader. */
export function useArrivals(others: readonly Person[]): string {
  const before = useRef<ReadonlyMap<string, string>>(new Map());
  const [said, setSaid] = useState("");
  useEffect(() => {
    const now = new Map(others.map(({ key, name }) => [key, name]));
    const came = [...now].filter(([key]) => !before.current.has(key)).map(([, name]) => name);
    const went = [...before.current].filter(([key]) => !now.has(key)).map(([, name]) => name);
    before.current = now;
    const parts = [
      came.length > 0 && `${namesOf(came)} ${came.length === 1 ? "is" : "are"} here`,
      went.length > 0 && `${namesOf(went)} left`,
    ].filter(Boolean);
    if (parts.length > 0) setSaid(parts.join(". "));
  }, [others]);
  return said;
}
