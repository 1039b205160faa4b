import { useMemo } from "react";
import { isSystemPort } from "../core/geometry";
import type { FlowNode, Port } from "../core/types";
import { useEditor, useGraph } from "../live/hooks";
import { placeOf } from "./parts";

/** Ports that are offered; a larger flow offers those of what is selected first. */
const OFFERED = 1_000;

interface PortSelectProps {
  label: string;
  /** `<node id>.<port>`, or a node's id alone. */
  value: string;
  /** Whether a node without a port may be chosen: where something fails. */
  nodes?: boolean;
  /** Only outputs may be chosen. */
  outputs?: boolean;
  disabled: boolean;
  onChoose: (at: string) => void;
}

/** Chooses a port of the flow, by its node. */
export function PortSelect({
  label,
  value,
  nodes = false,
  outputs = false,
  disabled,
  onChoose,
}: PortSelectProps) {
  const editor = useEditor();
  const graph = useGraph();
  const groups = useMemo(
    () => offered(graph.nodes.values(), editor.selection.get().nodes, (id) => editor.portsOf(id)),
    [editor, graph],
  );
  const { node, port } = placeOf(value);
  const known = groups.some(
    (one) =>
      one.id === node &&
      (port === "" ? nodes : one.ports.some(({ name, source }) => name === port && (source || !outputs))),
  );
  return (
    <select
      className="select"
      aria-label={label}
      value={value}
      disabled={disabled}
      onChange={(event) => onChoose(event.target.value)}
    >
      {!known && <option value={value}>{value === "" ? "Choose a port" : `${value} (not here)`}</option>}
      {groups.map(({ id, name, ports }) => (
        <optgroup key={id} label={name}>
          {nodes && <option value={id}>{name}: anywhere</option>}
          {ports
            .filter((one) => !outputs || one.source)
            .map((one) => (
              <option key={one.name} value={`${id}.${one.name}`}>
                {`${name} · ${one.label || one.name} (${one.source ? "output" : "input"})`}
              </option>
            ))}
        </optgroup>
      ))}
    </select>
  );
}

interface Offer {
  readonly id: string;
  readonly name: string;
  readonly ports: readonly Port[];
}

/** Nodes with their ports by name, those that are selected first. */
function offered(
  nodes: Iterable<FlowNode>,
  selected: ReadonlySet<string>,
  portsOf: (id: string) => readonly Port[],
): readonly Offer[] {
  const named = [...nodes].map(({ id, label, component }) => ({ id, name: label || component }));
  const rank = ({ id }: { id: string }): number => Number(!selected.has(id));
  named.sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
  const offers: Offer[] = [];
  let left = OFFERED;
  for (const { id, name } of named) {
    if (left <= 0) break;
    const ports = portsOf(id).filter((port) => !isSystemPort(port.name));
    left -= ports.length;
    if (ports.length > 0) offers.push({ id, name, ports });
  }
  return offers;
}
