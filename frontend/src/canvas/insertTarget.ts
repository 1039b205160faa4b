import type { EditorHandle } from "../core/editorTypes";
import type { FlowEdge, Port } from "../core/types";
import { fitOnWire, type Fit } from "../editing/insert";

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

/** Also below a card: what is dragged lies over the wire that it is dragged to. */
function wireAt({ x, y }: { x: number; y: number }): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const wire = element.closest<SVGElement>(".react-flow__edge");
    if (wire) return wire.dataset["id"] ?? null;
  }
  return null;
}
