import { useStore } from "@xyflow/react";
import { useEffect, useRef } from "react";
import type { EditorHandle } from "../core/editorTypes";
import { cardOf } from "../core/groups/fold";
import type { Scene } from "../core/scene";
import type { View } from "./useView";

/** On a phone panels open below the flow and leave it a part of its height; beside it there would be room. */
const NARROW = "(max-width: 640px)";

/**
 * On a narrow screen: what was in the middle stays there when a panel takes height or gives it back, and what is
 * selected, as by the touch that has opened the panel, is not left below it.
 */
export function useKeptInView(editor: EditorHandle, scene: Scene, view: View): void {
  const height = useStore((state) => state.height);
  const before = useRef(0);
  useEffect(() => {
    const by = height - before.current;
    const hadSize = before.current > 0;
    before.current = height;
    if (!hadSize || height === 0 || by === 0 || !matchMedia(NARROW).matches) return;
    const [chosen, ...others] = editor.selection.get().nodes;
    const card = chosen === undefined || others.length > 0 ? null : scene.card(cardOf(editor.graph, chosen));
    view.shift(by / 2, card?.rect ?? null);
  }, [editor, scene, view, height]);
}
