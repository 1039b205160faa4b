import { useReactFlow } from "@xyflow/react";
import { useCallback, useMemo, useRef, type MouseEvent } from "react";
import type { EditorHandle } from "../core/editorTypes";
import { bounds, type Point } from "../core/geometry";
import { membersOf } from "../core/groups/frames";
import type { Scene } from "../core/scene";
import type { FlowGroup } from "../core/types";
import { useCanvasState } from "./canvasState";
import { clicked, findAt, findIn, titledAt, type Found } from "./far";

/** So near, in px of the screen, a wire is meant. */
const REACH = 5;
const NOTHING: Found = { nodes: [], edges: [] };

/**
 * Clicks, areas and menus in the overview, where cards and wires are no elements: the library finds nothing there, so what
 * is meant is looked up by where it lies. While cards are in the page, only a click on bare canvas means something here.
 */
export function useOverviewPicks(editor: EditorHandle, scene: Scene, overview: boolean) {
  const { screenToFlowPosition, getZoom, fitBounds } = useReactFlow();
  const { cancelled, frame } = useCanvasState();
  const start = useRef<Point | null>(null);
  const at = useCallback(
    ({ clientX, clientY }: MouseEvent): Point =>
      screenToFlowPosition({ x: clientX, y: clientY }, { snapToGrid: false }),
    [screenToFlowPosition],
  );
  return useMemo(() => {
    const under = (event: MouseEvent): Found =>
      overview ? findAt(scene, editor, at(event), REACH / getZoom()) : NOTHING;
    const titled = (event: MouseEvent): FlowGroup | null =>
      overview ? titledAt(editor.graph, at(event), 1 / getZoom()) : null;
    return {
      onPaneClick(event: MouseEvent) {
        const adding = event.shiftKey || event.ctrlKey || event.metaKey;
        const group = titled(event);
        const nodes = group ? membersOf(editor.graph, group.id).map(({ id }) => id) : [];
        frame.set(group?.id ?? null);
        editor.select(clicked(editor.selection.get(), group ? { nodes, edges: [] } : under(event), adding));
      },
      onDoubleClick(event: MouseEvent) {
        const group = titled(event);
        if (group) return void fitBounds(group, { padding: 0.1 });
        const { nodes, edges } = under(event);
        const id = nodes[0] ?? edges[0];
        if (id !== undefined) editor.reveal(id);
      },
      onSelectionStart(event: MouseEvent) {
        start.current = at(event);
      },
      onSelectionEnd(event: MouseEvent) {
        const corners = start.current ? [start.current, at(event)] : [];
        const area = bounds(corners.map((corner) => ({ ...corner, width: 0, height: 0 })));
        if (overview && area && !cancelled.get()) editor.select(findIn(scene, editor, area));
        start.current = null;
      },
      /** Asks for the menu of the selection, once what is under the pointer is in it. */
      onPaneContextMenu(event: MouseEvent | globalThis.MouseEvent) {
        if (!("nativeEvent" in event)) return;
        const group = titled(event);
        const inside = group ? membersOf(editor.graph, group.id).map(({ id }) => id) : [];
        const { nodes, edges } = group ? { nodes: inside, edges: [] } : under(event);
        if (nodes.length + edges.length === 0) return;
        if (group) frame.set(group.id);
        const selected = editor.selection.get();
        const isIn =
          nodes.every((id) => selected.nodes.has(id)) && edges.every((id) => selected.edges.has(id));
        if (!isIn) editor.select({ nodes, edges });
        event.preventDefault();
        event.stopPropagation();
        const { clientX, clientY } = event;
        const again = { bubbles: true, cancelable: true, button: 2, clientX, clientY };
        event.currentTarget
          .closest(".react-flow")
          ?.dispatchEvent(new window.MouseEvent("contextmenu", again));
      },
    };
  }, [editor, scene, overview, at, getZoom, fitBounds, cancelled, frame]);
}
