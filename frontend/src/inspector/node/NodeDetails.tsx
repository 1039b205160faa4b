import type { Component, FlowNode, NodeLive } from "../../core/types";
import { useEditor, useModuleTelemetry } from "../../live/hooks";
import { describeReplicas, describeRunsOn, describeWay } from "../../live/ways";
import { Icon } from "../../ui/Icon";

const PUSHED = {
  pending: "waits to be sent",
  applied: "sent, not yet seen running",
  observed: "up to date",
  failed: "failed",
};

interface NodeDetailsProps {
  node: FlowNode;
  component: Component | undefined;
  live: NodeLive | undefined;
  editable: boolean;
}

/** The node's names elsewhere, for kubectl and for logs. */
export function NodeDetails({ node, component, live, editable }: NodeDetailsProps) {
  const editor = useEditor();
  const telemetry = useModuleTelemetry(node.module);
  return (
    <>
      <dl className="facts facts--text">
        <dt>Id</dt>
        <dd>
          <code>{node.id}</code>
        </dd>
        <dt>Component</dt>
        <dd>
          <code>{node.component}</code>
        </dd>
        <dt>Module</dt>
        <dd>
          <code>{node.module}</code>
        </dd>
        <dt>TinyNode</dt>
        <dd>
          <code>{node.name || "not yet named"}</code>
        </dd>
        <dt>Cluster</dt>
        <dd>{live?.push ? PUSHED[live.push.state] : "not known"}</dd>
        <dt>Runs on</dt>
        <dd>
          {component?.runsOn && `${describeRunsOn(component.runsOn)} · `}
          {telemetry ? describeReplicas(telemetry) : "not known"}
        </dd>
        <dt>Live values</dt>
        <dd>{telemetry ? describeWay(telemetry) : "not known"}</dd>
      </dl>
      {editable && (
        <button
          type="button"
          className="btn btn--danger inspector__delete"
          onClick={() => editor.apply([{ op: "delete_node", id: node.id }], { label: "Delete node" })}
        >
          <Icon name="trash" />
          Delete node
        </button>
      )}
    </>
  );
}
