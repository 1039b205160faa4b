import type { EditorHandle } from "../core/editorTypes";
import type { FlowEdge, Port } from "../core/types";
import { fitOnWire, type Fit } from "../editing/insert";
import type { CanvasState } from "./canvasState";

export interface InsertTarget {
  readonly edge: FlowEdge;
  readonly fit: Fit;
}

/** The wire under a point of the screen, if a node with these ports fits into it. */
export function insertTarget(
  editor: EditorHandle,
  at: { x: number; y: number },
  ports: readonly Port[],
): InsertTarget | null {
  const edge = editor.graph.edges.get(wireAt(at) ?? "");
  if (!edge) return null;
  const fitting = fitOnWire(editor, edge, ports);
  return fitting.ok ? { edge, fit: fitting.fit } : null;
}

/** Shows which wire is aimed at, and has its mapping read meanwhile: whoever drops a node on it says what went wrong. */
export function aimAt(editor: EditorHandle, { insertOn }: CanvasState, target: InsertTarget | null): void {
  const wire = target?.edge.id ?? null;
  if (wire === insertOn.get()) return;
  insertOn.set(wire);
  if (wire !== null) editor.load([wire]).catch(() => undefined);
}

/** Also below a card: what is dragged lies over the wire that it is dragged to. */
function wireAt({ x, y }: { x: number; y: number }): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const wire = element.closest<SVGElement>(".react-flow__edge");
    if (wire) return wire.dataset["id"] ?? null;
  }
  return null;
}
