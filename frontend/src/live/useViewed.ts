import { useMemo, useSyncExternalStore } from "react";
import type { EditorHandle } from "../core/editorTypes";
import { groupView } from "../core/groups/groupView";
import type { FlowGroup } from "../core/types";
import { useEditor, useFlow, useReadable } from "./hooks";

/** The editor as this person looks at it: itself, or the group that is open as a view of its own. */
export function useViewed(editor: EditorHandle): EditorHandle {
  const within = useReadable(editor.within);
  return useMemo(() => (within === null ? editor : groupView(editor, within)), [editor, within]);
}

/** The group that is open as a view of its own; null while the whole flow is shown. */
export function useOpenGroup(): FlowGroup | null {
  const editor = useEditor();
  const within = useReadable(editor.within);
  const subscribe = useMemo(() => {
    return (listener: () => void) =>
      within === null ? () => undefined : editor.subscribeTo(within, listener);
  }, [editor, within]);
  return useSyncExternalStore(subscribe, () => {
    return within === null ? null : (editor.whole.groups.get(within) ?? null);
  });
}

/** What the canvas is called. */
export function useViewName(): string {
  const { name } = useFlow();
  const group = useOpenGroup();
  return group === null ? `Flow ${name}` : `Group ${group.name} of the flow ${name}`;
}
