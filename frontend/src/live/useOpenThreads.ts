import { useCallback, useSyncExternalStore } from "react";
import { membersOf } from "../core/groups/frames";
import { commentHints } from "./commentHints";
import { useOpenFlow } from "./context";

/** How many open threads are about this node or wire. */
export function useOpenThreads(id: string): number {
  const { threads } = commentHints;
  const subscribe = useCallback((listener: () => void) => threads.subscribe(id, listener), [threads, id]);
  return useSyncExternalStore(subscribe, () => threads.of(id));
}

/** How many open threads are about the nodes in a group. */
export function useOpenThreadsWithin(group: string): number {
  const { editor } = useOpenFlow();
  const { threads } = commentHints;
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = [editor.subscribe(listener), threads.subscribeAll(listener)];
      return () => stops.forEach((stop) => stop());
    },
    [editor, threads],
  );
  return useSyncExternalStore(subscribe, () => {
    return threads.within(() => membersOf(editor.graph, group).map(({ id }) => id));
  });
}
