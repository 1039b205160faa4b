import { useEffect, useRef } from "react";
import { useReadable } from "../live/hooks";
import { isRunning, isStale, type Tests } from "./store";

/** How long tests are left alone after the last edit that made one old, in ms. */
const STILL = 800;

/**
 * Runs, while it is wanted, the tests whose results are from before an edit, or that were never run. Each state of test and flow
 * is tried once: a run that was stopped, or refused, is not begun again by itself.
 */
export function useRunAfterEdits(store: Tests, wanted: boolean, run: (ids: readonly string[]) => void): void {
  const { tests, flowRev, stale } = useReadable(store.listed);
  const busy = isRunning(useReadable(store.running));
  const tried = useRef(new Map<string, string>());
  useEffect(() => {
    if (!wanted || busy) return;
    const state = (rev: number): string => `${String(flowRev)} ${String(rev)}`;
    const due = tests.filter(
      (one) => (one.result === null || isStale(one, stale)) && tried.current.get(one.id) !== state(one.rev),
    );
    if (due.length === 0) return;
    const timer = setTimeout(() => {
      tried.current = new Map([...tried.current, ...due.map((one) => [one.id, state(one.rev)] as const)]);
      run(due.map(({ id }) => id));
    }, STILL);
    return () => clearTimeout(timer);
  }, [tests, flowRev, stale, busy, wanted, run]);
}
