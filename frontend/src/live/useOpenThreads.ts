import { useCallback, useSyncExternalStore } from "react";
import { commentHints } from "./commentHints";

/** How many open threads are about this node or wire. */
export function useOpenThreads(id: string): number {
  const { threads } = commentHints;
  const subscribe = useCallback((listener: () => void) => threads.subscribe(id, listener), [threads, id]);
  return useSyncExternalStore(subscribe, () => threads.of(id));
}
