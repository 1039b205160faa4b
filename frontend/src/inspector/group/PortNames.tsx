import type { Graph } from "../../core/graph";
import { cardPorts } from "../../core/groups/fold";
import type { FlowGroup, Port } from "../../core/types";
import { useEditor } from "../../live/hooks";
import { useTextEdit } from "../node/useTextEdit";

interface PortNamesProps {
  group: FlowGroup;
  graph: Graph;
  editable: boolean;
}

/** The ports of a collapsed group, each with a name that people may give it. */
export function PortNames({ group, graph, editable }: PortNamesProps) {
  const ports = cardPorts(graph, group);
  const inputs = ports.filter(({ source }) => !source);
  const outputs = ports.filter(({ source }) => source);
  return (
    <section aria-label="Ports">
      <h3 className="inspector__title">Ports</h3>
      {ports.length === 0 && (
        <p className="inspector__hint">No wire leads into this group or out of it, so it has no ports.</p>
      )}
      <div className="inspector__portnames">
        {[...inputs, ...outputs].map((port) => (
          <PortName key={port.name} group={group} port={port} editable={editable} />
        ))}
      </div>
    </section>
  );
}

/** Emptied, a port is called by what it leads to again. */
function PortName({ group, port, editable }: { group: FlowGroup; port: Port; editable: boolean }) {
  const editor = useEditor();
  const name = useTextEdit(group.ports[port.name] ?? "", (text) => {
    const { [port.name]: _, ...others } = editor.graph.groups.get(group.id)?.ports ?? {};
    const ports = text === "" ? others : { ...others, [port.name]: text };
    editor.apply([{ op: "set_group", id: group.id, fields: { ports } }], { label: "Name a port" });
  });
  return (
    <label>
      <span className="small muted">{port.source ? "Output" : "Input"}</span>
      <span className="input">
        <input
          aria-label={`Name of ${port.source ? "output" : "input"} ${port.label}`}
          placeholder={port.label}
          value={name.value}
          readOnly={!editable}
          autoComplete="off"
          maxLength={200}
          onChange={(event) => name.onChange(event.target.value)}
          onBlur={name.onBlur}
          onKeyDown={name.onKeyDown}
        />
      </span>
    </label>
  );
}
