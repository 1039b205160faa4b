import { useStoreApi, type NodeChange } from "@xyflow/react";
import { useCallback, useEffect, useEffectEvent, useRef, useState, type PointerEvent } from "react";
import { moveFrame, resizeFrame, stretched } from "../../core/groups/edits";
import { membersOf, notesIn } from "../../core/groups/frames";
import { snap, type Point, type Rect } from "../../core/geometry";
import { useCan, useEditor } from "../../live/hooks";
import { useCanvasState } from "../canvasState";

interface Press {
  readonly from: Point;
  readonly resizing: boolean;
  /** The group's nodes and notes, which have to be let go also when somebody else takes the group away. */
  readonly nodes: readonly string[];
  by: Point;
}

const NOWHERE: Point = { x: 0, y: 0 };

/**
 * Moving a frame by its bar and resizing it by its corner. While it goes on, the frame is drawn where it would come to
 * lie and the nodes of a group go along as in any drag of nodes; at its end one batch of operations says where all is.
 */
export function useFrameDrag(id: string, rect: Rect) {
  const editor = useEditor();
  const { edit } = useCan();
  const { framing } = useCanvasState();
  const store = useStoreApi();
  const press = useRef<Press | null>(null);
  const [shown, setShown] = useState<Rect | null>(null);

  const carry = useCallback(
    (nodes: readonly string[], by: Point, dragging: boolean) => {
      const changes = nodes.map((node): NodeChange => {
        const { x, y } = editor.graph.nodes.get(node) ?? editor.graph.notes.get(node) ?? NOWHERE;
        return { type: "position", id: node, position: { x: x + by.x, y: y + by.y }, dragging };
      });
      if (changes.length === 0) return;
      framing.set(true);
      store.getState().triggerNodeChanges(changes);
      framing.set(false);
    },
    [editor, store, framing],
  );

  const start = (event: PointerEvent<HTMLElement>, resizing: boolean): void => {
    if (!edit || event.button !== 0) return;
    if (event.target instanceof Element && event.target.closest("a, input, textarea, [data-tool]")) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    const { graph } = editor;
    const nodes = [...membersOf(graph, id), ...notesIn(graph, id)].map((one) => one.id);
    press.current = { from: { x: event.clientX, y: event.clientY }, resizing, nodes, by: NOWHERE };
  };
  const onPointerMove = (event: PointerEvent): void => {
    const now = press.current;
    if (!now) return;
    const zoom = store.getState().transform[2];
    const by = { x: snap((event.clientX - now.from.x) / zoom), y: snap((event.clientY - now.from.y) / zoom) };
    if (by.x === now.by.x && by.y === now.by.y) return;
    now.by = by;
    setShown(now.resizing ? stretched(rect, by) : { ...rect, x: rect.x + by.x, y: rect.y + by.y });
    if (!now.resizing) carry(now.nodes, by, true);
  };
  const finish = (keep: boolean): void => {
    const now = press.current;
    press.current = null;
    if (!now || now.by === NOWHERE) return;
    if (keep && now.resizing) resizeFrame(editor, id, stretched(rect, now.by));
    else if (keep) moveFrame(editor, id, now.by);
    // The nodes stand where they were carried by now: this only says that the drag is over.
    if (!now.resizing) carry(now.nodes, NOWHERE, false);
    setShown(null);
  };
  // Somebody else deleted or collapsed it: no release of the pointer will come here.
  const onGone = useEffectEvent(() => finish(false));
  useEffect(() => () => onGone(), []);
  const onEscape = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== "Escape" || !press.current) return;
    finish(false);
    event.preventDefault();
    event.stopPropagation();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => onEscape(event);
    window.addEventListener("keydown", listen, true);
    return () => window.removeEventListener("keydown", listen, true);
  }, []);
  const moves = { onPointerMove, onPointerUp: () => finish(true), onPointerCancel: () => finish(false) };
  return {
    rect: shown ?? rect,
    bar: { onPointerDown: (event: PointerEvent<HTMLElement>) => start(event, false), ...moves },
    corner: { onPointerDown: (event: PointerEvent<HTMLElement>) => start(event, true), ...moves },
  };
}
