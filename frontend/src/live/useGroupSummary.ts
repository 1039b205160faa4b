import { useCallback, useMemo, useSyncExternalStore } from "react";
import { membersOf } from "../core/groups/frames";
import { summaryOf, type GroupSummary } from "../core/groups/summary";
import type { Unsubscribe } from "../core/store";
import { useOpenFlow } from "./context";

/** What a group's nodes do, taken together; renders again only when that is another. */
export function useGroupSummary(group: string): GroupSummary {
  const { editor, live } = useOpenFlow();
  const subscribe = useCallback(
    (listener: () => void) => {
      let stops: Unsubscribe[] = [];
      const stop = (): void => stops.forEach((one) => one());
      const follow = (): void => {
        stop();
        stops = membersOf(editor.graph, group).map(({ id }) => live.subscribe(id, listener));
      };
      follow();
      const unfollow = editor.subscribe(() => {
        follow();
        listener();
      });
      return () => {
        unfollow();
        stop();
      };
    },
    [editor, live, group],
  );
  const text = useSyncExternalStore(subscribe, () => {
    return JSON.stringify(summaryOf(membersOf(editor.graph, group), (id) => live.node(id)));
  });
  return useMemo(() => JSON.parse(text) as GroupSummary, [text]);
}
