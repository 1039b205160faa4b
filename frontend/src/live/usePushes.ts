import { useEffect, useState } from "react";
import { useEditor } from "./hooks";
import { useOpenFlow } from "./context";

export interface Pushes {
  /** Nodes with something that is not on the cluster yet. */
  readonly waiting: number;
  /** Nodes whose push failed; the first few can be gone to. */
  readonly failed: readonly string[];
}

const NONE: Pushes = { waiting: 0, failed: [] };
/** Counting looks at every node, so it is done at most this often. */
const COUNT_EVERY_MS = 250;

/** How much of the flow the cluster does not have yet. */
export function usePushes(): Pushes {
  const editor = useEditor();
  const { live } = useOpenFlow();
  const [pushes, setPushes] = useState(NONE);
  useEffect(() => {
    const look = (): void => {
      let waiting = 0;
      const failed: string[] = [];
      for (const { id, rev } of editor.graph.nodes.values()) {
        const state = live.node(id)?.push?.state;
        if (state === "failed") failed.push(id);
        else if (rev === 0 || (state !== undefined && state !== "observed")) waiting += 1;
      }
      setPushes((now) =>
        now.waiting === waiting && sameIds(now.failed, failed) ? now : { waiting, failed },
      );
    };
    let due: ReturnType<typeof setTimeout> | undefined;
    const later = (): void => {
      due ??= setTimeout(() => {
        due = undefined;
        look();
      }, COUNT_EVERY_MS);
    };
    look();
    const stops = [editor.subscribe(later), live.subscribeAll(later)];
    return () => {
      clearTimeout(due);
      for (const stop of stops) stop();
    };
  }, [editor, live]);
  return pushes;
}

function sameIds(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index]);
}
