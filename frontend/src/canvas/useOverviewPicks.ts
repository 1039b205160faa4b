import { useReactFlow } from "@xyflow/react";
import { useCallback, useMemo, useRef, type MouseEvent } from "react";
import type { EditorHandle } from "../core/editorTypes";
import type { Point } from "../core/geometry";
import { membersOf } from "../core/groups/frames";
import type { Scene } from "../core/scene";

/**
 * Clicks, areas and menus in the overview, where cards are no elements: the library finds nothing there, so what is
 * meant is looked up by where it lies. While cards are in the page, only a click on bare canvas means something here.
 */
export function useOverviewPicks(editor: EditorHandle, scene: Scene, overview: boolean) {
  const { screenToFlowPosition } = useReactFlow();
  const start = useRef<Point | null>(null);
  const at = useCallback(
    ({ clientX, clientY }: MouseEvent): Point =>
      screenToFlowPosition({ x: clientX, y: clientY }, { snapToGrid: false }),
    [screenToFlowPosition],
  );
  return useMemo(() => {
    const within = (one: Point, other: Point): string[] => {
      const [x, y] = [Math.min(one.x, other.x), Math.min(one.y, other.y)];
      const size = { width: Math.abs(one.x - other.x), height: Math.abs(one.y - other.y) };
      return overview ? scene.cards.within({ x, y, ...size }) : [];
    };
    const under = (event: MouseEvent): string[] => within(at(event), at(event)).slice(-1);
    /** A collapsed group stands for its nodes. */
    const nodesOf = (cards: readonly string[]): string[] =>
      cards.flatMap((id) =>
        editor.graph.groups.has(id) ? membersOf(editor.graph, id).map((node) => node.id) : [id],
      );
    return {
      onPaneClick(event: MouseEvent) {
        const nodes = nodesOf(under(event));
        if (!event.shiftKey && !event.ctrlKey && !event.metaKey) editor.select({ nodes });
        else if (nodes.length > 0) toggle(editor, nodes);
      },
      onDoubleClick(event: MouseEvent) {
        for (const id of under(event)) editor.reveal(id);
      },
      onSelectionStart(event: MouseEvent) {
        start.current = at(event);
      },
      onSelectionEnd(event: MouseEvent) {
        if (overview && start.current) editor.select({ nodes: nodesOf(within(start.current, at(event))) });
        start.current = null;
      },
      /** Asks for the menu of the selection, once the card under the pointer is in it. */
      onPaneContextMenu(event: MouseEvent | globalThis.MouseEvent) {
        if (!("nativeEvent" in event)) return;
        const nodes = nodesOf(under(event));
        if (nodes.length === 0) return;
        const selected = editor.selection.get().nodes;
        if (!nodes.every((id) => selected.has(id))) editor.select({ nodes });
        event.preventDefault();
        event.stopPropagation();
        const { clientX, clientY } = event;
        const again = { bubbles: true, cancelable: true, button: 2, clientX, clientY };
        event.currentTarget
          .closest(".react-flow")
          ?.dispatchEvent(new window.MouseEvent("contextmenu", again));
      },
    };
  }, [editor, scene, overview, at]);
}

function toggle(editor: EditorHandle, nodes: readonly string[]): void {
  const selection = editor.selection.get();
  const next = new Set(selection.nodes);
  const all = nodes.every((id) => next.has(id));
  for (const id of nodes)
    if (all) next.delete(id);
    else next.add(id);
  editor.select({ ...selection, nodes: next });
}
