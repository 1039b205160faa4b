import { useCallback, useSyncExternalStore } from "react";
import type { Selection } from "../../core/editorTypes";
import { selectedCard } from "../../core/groups/frames";
import type { FlowGroup } from "../../core/types";
import { useEditor } from "../../live/hooks";

/** The collapsed group whose card is selected, if it is a card; followed as it is renamed and opened. */
export function useSelectedCard(selection: Selection): FlowGroup | null {
  const editor = useEditor();
  const subscribe = useCallback((listener: () => void) => editor.subscribe(listener), [editor]);
  return useSyncExternalStore(subscribe, () => selectedCard(editor.graph, selection));
}
