import { isLoaded } from "../core/contents";
import type { FlowEdge } from "../core/types";
import { useEdge, useEditor, useSelection, useVerdict } from "../live/hooks";
import { RowMenu } from "./RowMenu";

/** A wire: its ends, and what is to be said about its mapping. */
export function EdgeRow({ id }: { id: string }) {
  const editor = useEditor();
  const edge = useEdge(id);
  const verdict = useVerdict(id);
  const selected = useSelection().edges.has(id);
  if (!edge) return null;
  const nameOf = (node: string) => {
    const found = editor.graph.nodes.get(node);
    return found ? found.label || found.component : node;
  };
  const portOf = (node: string, port: string, source: boolean) => {
    const found = editor.portsOf(node).find((one) => one.name === port && one.source === source);
    return found?.label || port;
  };
  const from = nameOf(edge.source);
  const to = nameOf(edge.target);
  const doubt = verdict && verdict.outcome !== "valid" ? verdict.findings[0]?.message : undefined;
  const select = (): void => editor.select({ edges: [id] });
  return (
    <tr data-row={id} aria-selected={selected} onFocus={select} onClick={select}>
      <th scope="row">{from}</th>
      <td>{portOf(edge.source, edge.source_port, true)}</td>
      <td>{to}</td>
      <td>{portOf(edge.target, edge.target_port, false)}</td>
      <td>{doubt ?? mapped(edge)}</td>
      <td>
        <RowMenu name={`the wire from ${from} to ${to}`} />
      </td>
    </tr>
  );
}

/** How many fields are mapped; a mapping that is not loaded has some. */
function mapped(edge: FlowEdge): string {
  if (!isLoaded(edge)) return "Mapped";
  const fields = Object.keys(edge.mapping).length;
  return fields === 0 ? "As it comes" : `${String(fields)} mapped`;
}
