import { useMemo, useState } from "react";
import { isSystemPort } from "../core/geometry";
import { useEditor, useGraph } from "../live/hooks";
import { Icon } from "../ui/Icon";
import { madeUp } from "./madeUp";
import type { Sample } from "./types";

/** Ports that are offered at once; whoever looks for another types part of its name. */
const OFFERED = 60;

interface AddSampleProps {
  flow: string;
  taken: readonly Sample[];
  onAdd: (sample: Sample) => void;
}

/** Chooses a port; its message begins as one that its schema takes, made up by the server. */
export function AddSample({ flow, taken, onAdd }: AddSampleProps) {
  const editor = useEditor();
  const graph = useGraph();
  const [filter, setFilter] = useState("");
  const [busy, setBusy] = useState<string | null>(null);
  const found = useMemo(() => {
    const places = new Set(taken.map(({ node, port }) => `${node}:${port}`));
    const wanted = filter.trim().toLowerCase();
    const ports: { node: string; port: string; name: string; label: string }[] = [];
    const selected = editor.selection.get().nodes;
    const nodes = [...graph.nodes.values()].sort(
      (one, other) => Number(selected.has(other.id)) - Number(selected.has(one.id)),
    );
    for (const node of nodes) {
      const name = node.label || node.component;
      for (const port of editor.portsOf(node.id)) {
        if (ports.length >= OFFERED) return ports;
        if (!port.source || isSystemPort(port.name) || places.has(`${node.id}:${port.name}`)) continue;
        if (!`${name} ${port.name} ${port.label}`.toLowerCase().includes(wanted)) continue;
        ports.push({ node: node.id, port: port.name, name, label: port.label || port.name });
      }
    }
    return ports;
  }, [editor, graph, taken, filter]);
  const add = async (node: string, port: string): Promise<void> => {
    setBusy(`${node}:${port}`);
    const data = await madeUp(flow, node, port);
    setBusy(null);
    onAdd({ node, port, data });
  };
  return (
    <div className="stack">
      <p className="small muted">Which output is the message of? It begins as its schema asks for it.</p>
      <div className="input">
        <Icon name="search" />
        <input
          type="search"
          autoFocus
          aria-label="Find an output"
          placeholder="Node or output"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      </div>
      <ul className="scenarios__offer" aria-label="Outputs">
        {found.map(({ node, port, name, label }) => (
          <li key={`${node}:${port}`}>
            <button
              type="button"
              className="scenarios__row"
              aria-disabled={busy !== null}
              onClick={() => {
                if (busy === null) void add(node, port);
              }}
            >
              <span className="clip">{name}</span>
              <span className="muted clip">{label}</span>
            </button>
          </li>
        ))}
        {found.length === 0 && <li className="muted small">No output is called so.</li>}
        {found.length === OFFERED && <li className="muted small">There are more: type part of the name.</li>}
      </ul>
    </div>
  );
}
