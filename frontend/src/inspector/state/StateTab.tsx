import { useCan, useGraph } from "../../live/hooks";
import { Icon } from "../../ui/Icon";
import { ProblemNote } from "../ProblemNote";
import { FieldRow } from "./FieldRow";
import "./state.css";
import { useNodeState } from "./useNodeState";
import { byText, valueText } from "./words";
import type { NodeStateTold } from "./stateApi";

/** What the node keeps: every field with its value, how it came to be so, and for editors a way to set it. */
export default function StateTab({ node }: { node: string }) {
  const { state, failure, again } = useNodeState(node);
  const can = useCan();
  if (!state) {
    return (
      <p className={failure ? "nodestate__failure" : "muted small"} role="status">
        {failure || "Asking the host …"}
      </p>
    );
  }
  if (!state.kept || (!state.running && state.fields.length === 0)) {
    return (
      <div className="nodestate__none">
        <p className="strong">No state</p>
        <p className="small muted">
          {state.kept
            ? "Nothing is stored for this node, and no host runs it now."
            : "This component keeps nothing from one message to the next."}
        </p>
      </div>
    );
  }
  return (
    <div className="nodestate">
      {failure !== "" && <p className="nodestate__failure">{failure}</p>}
      {state.error && <ProblemNote problem={state.error} title="The stored state cannot be used" />}
      <p className="small muted" role="status">
        {standing(state)}
      </p>
      {state.fields.map((field) => (
        <FieldRow
          key={field.name}
          node={node}
          field={field}
          editable={can.edit && state.running && state.leads && field.editable}
          onStored={again}
        />
      ))}
      <History state={state} onAgain={again} />
    </div>
  );
}

function standing({ running, leads, stored, persistent, epoch, version }: NodeStateTold): string {
  const order = `Version ${String(version ?? 0)} of epoch ${String(epoch ?? 0)}`;
  if (!running)
    return `${order}, as it is stored. No host tells what it means: it can be looked at, not edited.`;
  if (!leads) return `${order}. No host leads the node now: it can be looked at, not edited.`;
  if (persistent === false) return "Kept in the memory of the leader only, as the settings ask for.";
  return stored ? `${order}, stored.` : "Nothing is stored yet: these are the values to begin with.";
}

function History({ state, onAgain }: { state: NodeStateTold; onAgain: () => void }) {
  const graph = useGraph();
  const nameOf = (node: string): string =>
    graph.nodes.get(node)?.label || graph.nodes.get(node)?.component || node;
  if (!state.running) return null;
  return (
    <section aria-label="Last changes of the state">
      <p className="field__label">
        <span className="grow">Last changes</span>
        <button type="button" className="btn btn--plain btn--s" onClick={onAgain}>
          <Icon name="retry" size="s" />
          Look again
        </button>
      </p>
      {state.history.length === 0 && <p className="small muted">None since the host began to look.</p>}
      <ol className="nodestate__history">
        {state.history.map(({ epoch, version, at, count, by, changed }) => (
          <li key={`${String(epoch)}.${String(version)}`}>
            <p className="line small">
              <time
                className="num"
                dateTime={new Date(at).toISOString()}
                title={new Date(at).toLocaleString()}
              >
                {new Date(at).toLocaleTimeString("en-GB")}
              </time>
              <span className="grow clip">
                {byText(by, nameOf)}
                {count > 1 && ` · ${String(count)} changes`}
              </span>
              <span className="muted num" title={`Epoch ${String(epoch)}`}>
                v{version}
              </span>
            </p>
            {changed.map(({ field, value }) => (
              <p key={field} className="nodestate__change small">
                <span className="muted">{field}</span>
                <code className="clip" title={valueText(value)}>
                  {value === undefined ? "changed" : valueText(value)}
                </code>
              </p>
            ))}
          </li>
        ))}
      </ol>
      {state.since !== undefined && (
        <p className="small muted">
          At most 32 entries that {state.host || "the host"} has seen since{" "}
          {new Date(state.since).toLocaleTimeString("en-GB")}; changes close together are one. Nothing of it
          is stored.
        </p>
      )}
    </section>
  );
}
