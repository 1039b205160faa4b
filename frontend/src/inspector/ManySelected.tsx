import { keyFor } from "../actions/registry";
import { count } from "../core/format";
import type { Selection } from "../core/editorTypes";
import type { Op } from "../core/types";
import { alignSelection, distributeSelection } from "../editing/align";
import { useCan, useEditor } from "../live/hooks";
import { Icon } from "../ui/Icon";

/** Several things at once: how many, and what can be done with all of them. */
export function ManySelected({ selection }: { selection: Selection }) {
  const editor = useEditor();
  const can = useCan();
  const remove = () => {
    // A deleted node takes its wires along: deleting those as well would be refused.
    const wires = [...selection.edges].filter((id) => {
      const edge = editor.graph.edges.get(id);
      return edge && !selection.nodes.has(edge.source) && !selection.nodes.has(edge.target);
    });
    const ops: Op[] = [
      ...wires.map((id) => ({ op: "delete_edge" as const, id })),
      ...[...selection.nodes].map((id) => ({ op: "delete_node" as const, id })),
    ];
    editor.apply(ops, { label: `Delete ${describe(selection)}` });
  };
  return (
    <>
      <header className="inspector__head inspector__head--edge">
        <h2>{describe(selection)} selected</h2>
      </header>
      <div className="inspector__body">
        <p className="muted">
          Drag one of them to move all. Shift and click adds to the selection or takes from it.
        </p>
        {can.edit && selection.nodes.size > 1 && <LineUp several={selection.nodes.size > 2} />}
        {can.edit && (
          <button type="button" className="btn btn--danger inspector__delete" onClick={remove}>
            <Icon name="trash" />
            Delete {describe(selection)}
          </button>
        )}
      </div>
    </>
  );
}

const EDGES = [
  ["left", "Left"],
  ["centre", "Centre"],
  ["right", "Right"],
  ["top", "Top"],
  ["middle", "Middle"],
  ["bottom", "Bottom"],
] as const;
const AXES = [
  ["x", "Across"],
  ["y", "Down"],
] as const;

/** The same as by the keys and in the menu, for whoever looks here. */
function LineUp({ several }: { several: boolean }) {
  const editor = useEditor();
  return (
    <section className="inspector__lineup" aria-label="Line up">
      <h3 className="small muted">Align</h3>
      <div className="inspector__lineuprow">
        {EDGES.map(([edge, title]) => (
          <button
            key={edge}
            type="button"
            className="btn btn--s"
            title={`Align: ${title.toLowerCase()} (${keyFor(`arrange.${edge}`)})`}
            onClick={() => alignSelection(editor, edge)}
          >
            {title}
          </button>
        ))}
      </div>
      <h3 className="small muted">Spread evenly</h3>
      <div className="inspector__lineuprow">
        {AXES.map(([axis, title]) => (
          <button
            key={axis}
            type="button"
            className="btn btn--s"
            disabled={!several}
            title={
              several
                ? `Spread evenly: ${title.toLowerCase()} (${keyFor(`arrange.distribute-${axis}`)})`
                : "Select three nodes or more"
            }
            onClick={() => distributeSelection(editor, axis)}
          >
            {title}
          </button>
        ))}
      </div>
    </section>
  );
}

function describe({ nodes, edges }: Selection): string {
  const parts = [nodes.size > 0 && count(nodes.size, "node"), edges.size > 0 && count(edges.size, "wire")];
  return parts.filter(Boolean).join(" and ");
}
