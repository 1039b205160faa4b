import { count as plural } from "../../core/format";
import { findPort } from "../../core/ports";
import type { Component, FlowNode } from "../../core/types";
import {
  useCan,
  useComponent,
  useEdge,
  useEdgeLive,
  useEditor,
  useNode,
  usePorts,
  useVerdict,
} from "../../live/hooks";
import { Icon } from "../../ui/Icon";
import { Tile } from "../../ui/Tile";
import { countFields } from "../contents/countFields";
import { Loaded } from "../contents/Loaded";
import { VIEW_ONLY } from "../node/NodeInspector";
import { MappingForm } from "./MappingForm";
import { VerdictNote } from "./VerdictNote";
import { WireMessages } from "./WireMessages";
import { WireProblem } from "./WireProblem";
import { CloseInspector } from "../CloseInspector";

/** Everything about one wire: its ends, its traffic, and how messages are mapped on it. */
export function EdgeInspector({ id }: { id: string }) {
  const editor = useEditor();
  const edge = useEdge(id);
  const live = useEdgeLive(id);
  const verdict = useVerdict(id);
  const can = useCan();
  const source = useNode(edge?.source ?? "");
  const target = useNode(edge?.target ?? "");
  const from = useComponent(source?.module ?? "", source?.component ?? "");
  const to = useComponent(target?.module ?? "", target?.component ?? "");
  const outputs = usePorts(edge?.source ?? "");
  const inputs = usePorts(edge?.target ?? "");
  if (!edge) return null;
  const out = findPort(outputs, edge.source_port, true);
  const into = findPort(inputs, edge.target_port, false);
  const sourceName = nameOf(source, from);
  return (
    <>
      <header className="inspector__head inspector__head--edge">
        <div className="inspector__who">
          <h2 className="clip">Wire</h2>
          <p className="small muted num">{traffic(live?.count, live?.rate, live?.errors)}</p>
        </div>
        <CloseInspector />
      </header>
      <div className="inspector__body">
        <div className="ends">
          <End node={source} component={from} port={edge.source_port} label={out?.label} />
          <span className="ends__arrow">
            <Icon name="down" size="s" />
          </span>
          <End node={target} component={to} port={edge.target_port} label={into?.label} />
        </div>
        {live?.error && <WireProblem edge={edge} problem={live.error} />}
        <VerdictNote verdict={verdict} />
        <Loaded row={edge} fields={countFields(into)}>
          {(loaded) => (
            <MappingForm
              edge={loaded}
              source={out}
              target={into}
              from={`${sourceName}: ${out?.label || edge.source_port}`}
              readOnly={can.edit ? null : VIEW_ONLY}
            />
          )}
        </Loaded>
        <WireMessages edge={edge} live={live} out={out} into={into} />
        {can.edit && (
          <button
            type="button"
            className="btn btn--danger inspector__delete"
            onClick={() => editor.apply([{ op: "delete_edge", id }], { label: "Delete wire" })}
          >
            <Icon name="trash" />
            Delete wire
          </button>
        )}
      </div>
    </>
  );
}

interface EndProps {
  node: FlowNode | undefined;
  component: Component | undefined;
  port: string;
  label: string | undefined;
}

function End({ node, component, port, label }: EndProps) {
  const editor = useEditor();
  if (!node) return <p className="muted">This node is gone</p>;
  return (
    <button type="button" className="ends__node" onClick={() => editor.reveal(node.id)}>
      <Tile icon={component?.icon ?? ""} category={component?.category ?? ""} />
      <span className="strong clip">{nameOf(node, component)}</span>
      <span className="muted clip">{label || port}</span>
    </button>
  );
}

function nameOf(node: FlowNode | undefined, component: Component | undefined): string {
  return node?.label || component?.title || node?.component || "";
}

function traffic(count: number | undefined, rate: number | undefined, errors: number | undefined): string {
  if (count === undefined) return "No message yet";
  const parts = [
    plural(count, "message"),
    rate ? `${rate.toFixed(rate < 10 ? 1 : 0)}/s` : "",
    errors ? plural(errors, "error") : "",
  ];
  return parts.filter(Boolean).join(" · ");
}
