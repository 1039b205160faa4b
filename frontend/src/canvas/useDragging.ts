import { useStoreApi, type NodeChange } from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";
import type { EditorHandle } from "../core/editorTypes";
import { bounds, snap, type Point, type Rect } from "../core/geometry";
import type { Scene } from "../core/scene";
import { withGroups } from "../core/groups/edits";
import { Guides, snapCard } from "../editing/guides";
import { fitOnWire, insertOps, sayDropped } from "../editing/insert";
import { makeRoom } from "../editing/makeRoom";
import { cardRect, fullRect } from "../editing/rects";
import { areLoaded, whenLoaded } from "../editing/whenLoaded";
import type { CanvasNode } from "./canvasNodes";
import type { CanvasState } from "./canvasState";
import { aimAt, insertTarget, type InsertTarget } from "./insertTarget";
import { seenPart } from "./useView";

/** So near, in px of the screen, a card is drawn into line with another. */
const REACH = 6;
const INSERT = "Insert a node into a wire";

type Change = NodeChange<CanvasNode>;
type Moved = Change & { type: "position"; position: Point };

/**
 * What happens to cards on their way: into line with others, else onto the grid (neither with Alt), and a
 * single one without wires into the wire that it is dropped on. Answers `onNodesChange` with places corrected.
 */
export function useDragging(
  editor: EditorHandle,
  scene: Scene,
  canvas: CanvasState,
  onNodesChange: (changes: Change[]) => void,
): (changes: Change[]) => void {
  const store = useStoreApi();
  const pointer = usePointerOnScreen();
  const guides = useRef<Guides | null>(null);

  return useCallback(
    (changes: Change[]) => {
      const moved = changes.filter(isMoved);
      if (moved.length === 0 || canvas.framing.get()) {
        onNodesChange(changes);
        return;
      }
      if (canvas.cancelled.get()) {
        guides.current = null;
        onNodesChange(changes.filter((change) => !isMoved(change)));
        return;
      }
      const { transform, width, height } = store.getState();
      const zoom = transform[2];
      guides.current ??= guidesIn(
        editor,
        seenPart({ transform, width, height }),
        new Set(moved.map(({ id }) => id)),
      );
      const shift = pointer.current.alt
        ? { by: { x: 0, y: 0 }, lines: [] }
        : shiftOf(editor, moved, guides.current, REACH / zoom);
      let corrected = changes.map((change) =>
        isMoved(change) ? { ...change, position: sum(change.position, shift.by) } : change,
      );
      const only = moved.length === 1 ? moved[0] : undefined;
      const target =
        only && isLoose(scene, only.id)
          ? insertTarget(editor, pointer.current, editor.portsOf(only.id))
          : null;
      if (moved.some(({ dragging }) => dragging)) {
        canvas.guides.set(shift.lines);
        aimAt(editor, canvas, target);
      } else {
        guides.current = null;
        canvas.guides.set([]);
        canvas.insertOn.set(null);
        if (only && target && !areLoaded(editor, [target.edge.id])) {
          void insertLater(editor, only.id, target.edge.id);
        } else if (only && target) {
          const place = insert(editor, only.id, rounded(sum(only.position, shift.by)), target);
          // It lies there already; the rest of the change is as always.
          corrected = changes.map((change) => (isMoved(change) ? { ...change, position: place } : change));
        }
      }
      onNodesChange(corrected);
    },
    [editor, scene, canvas, onNodesChange, store, pointer],
  );
}

/** Puts a node into the wire that it was dropped on and makes room for it, as one step to undo. Answers where it stands. */
function insert(editor: EditorHandle, id: string, at: Point, { edge, fit }: InsertTarget): Point {
  const node = editor.graph.nodes.get(id);
  if (!node) return at;
  const room = makeRoom(editor, edge, id, { ...fullRect(editor, node), ...at });
  const own = withGroups(editor.graph, [{ op: "set_node", id, fields: room.at }]);
  editor.apply([...own, ...room.ops, ...insertOps(editor, edge, id, fit)], { label: INSERT });
  sayDropped(editor, INSERT, edge.target, fit.carried.dropped);
  return room.at;
}

/** The same for a wire of which the mapping has to be read first: a step of its own, after that of the move. */
function insertLater(editor: EditorHandle, id: string, wire: string): Promise<boolean> {
  return whenLoaded(editor, [wire], INSERT, () => {
    const [node, edge] = [editor.graph.nodes.get(id), editor.graph.edges.get(wire)];
    const fitting = node && edge ? fitOnWire(editor, edge, editor.portsOf(id)) : null;
    if (node && edge && fitting?.ok) insert(editor, id, node, { edge, fit: fitting.fit });
  });
}

function isMoved(change: Change): change is Moved {
  return change.type === "position" && change.position !== undefined;
}

/** Only a node without any wire goes into one by being dropped on it: others are merely moved across. */
export function isLoose(scene: Pick<Scene, "edgesAt">, id: string): boolean {
  for (const _wire of scene.edgesAt(id)) return false;
  return true;
}

function shiftOf(editor: EditorHandle, moved: readonly Moved[], guides: Guides, reach: number) {
  const rects = moved.flatMap(({ id, position }): Rect[] => {
    const node = editor.graph.nodes.get(id);
    return node ? [{ ...cardRect(editor, node), ...position }] : [];
  });
  const box = bounds(rects);
  if (!box) return { by: { x: 0, y: 0 }, lines: [] };
  const { at, lines } = snapCard(box, guides, reach, snap);
  return { by: { x: at.x - box.x, y: at.y - box.y }, lines };
}

function guidesIn(editor: EditorHandle, view: Rect, without: ReadonlySet<string>): Guides {
  const rects: Rect[] = [];
  for (const node of editor.graph.nodes.values()) {
    if (without.has(node.id) || node.x > view.x + view.width || node.y > view.y + view.height) continue;
    const rect = cardRect(editor, node);
    if (rect.x + rect.width >= view.x && rect.y + rect.height >= view.y) rects.push(rect);
  }
  return new Guides(rects);
}

function sum(one: Point, other: Point): Point {
  return { x: one.x + other.x, y: one.y + other.y };
}

function rounded({ x, y }: Point): Point {
  return { x: Math.round(x), y: Math.round(y) };
}

/** The library says where cards are, not where the pointer is, nor which keys are held. */
function usePointerOnScreen() {
  const pointer = useRef({ x: 0, y: 0, alt: false });
  useEffect(() => {
    const onMove = ({ clientX, clientY, altKey }: PointerEvent): void => {
      pointer.current = { x: clientX, y: clientY, alt: altKey };
    };
    // Before the library hears of it, which may stop the event.
    window.addEventListener("pointermove", onMove, { capture: true, passive: true });
    return () => window.removeEventListener("pointermove", onMove, { capture: true });
  }, []);
  return pointer;
}
