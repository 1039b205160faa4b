import { useEffect, useState } from "react";

import { ago, exactly } from "./ago";
import type { LastPress } from "./host";

const TICK_MS = 10_000;

/** Who pressed last and how long ago; the moment itself on hover and for readers. */
export function PressedBy({ last }: { last: LastPress }) {
  const now = useNow();
  return (
    <p className="small muted">
      {last.by},{" "}
      <time dateTime={last.at} title={exactly(last.at)}>
        {ago(Math.max(0, now - Date.parse(last.at)))}
      </time>
    </p>
  );
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
