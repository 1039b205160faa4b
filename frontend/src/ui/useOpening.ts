import { useCallback, useEffect, useRef, useState } from "react";

import { Refusal } from "../core/errors";

export interface Failed {
  name: "failed";
  message: string;
  /** Refused: asking once more brings the same answer. */
  final: boolean;
}

type Phase<T> = { name: "reading" } | { name: "open"; value: T } | Failed;

/** Reads what a page shows, once; how far that is, and what reads it again after it has failed. */
export function useOpening<T>(read: () => Promise<T>, otherwise: string): [Phase<T>, () => void] {
  const [phase, setPhase] = useState<Phase<T>>({ name: "reading" });
  const started = useRef(false);
  const start = useCallback((): void => {
    setPhase({ name: "reading" });
    read().then(
      (value) => setPhase({ name: "open", value }),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : otherwise;
        setPhase({ name: "failed", message, final: error instanceof Refusal });
      },
    );
  }, [read, otherwise]);

  useEffect(() => {
    if (started.current) return;
    started.current = true;
    start();
  }, [start]);
  return [phase, start];
}
