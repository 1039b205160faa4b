import { useMemo } from "react";

import type { Component } from "../../core/types";
import { asSchema } from "../../forms/schema/types";
import { ControlBody } from "../../inspector/control/ControlBody";
import type { Dashboard, NodeLive, Widget, WidgetNode } from "../core/types";
import { panelOf } from "./panel";
import { patched } from "./patch";

interface WidgetBodyProps {
  widget: Widget;
  node: WidgetNode | undefined;
  /** Undefined: its module does not announce it. */
  component: Component | undefined;
  dashboard: Dashboard;
  live: NodeLive | undefined;
}

/** The panel itself, or why there is none. */
export function WidgetBody({ widget, node, component, dashboard, live }: WidgetBodyProps) {
  const control = panelOf(component, live);
  const schema = useMemo(
    () => patched(asSchema(control?.schema), widget.schema_patch),
    [control?.schema, widget.schema_patch],
  );
  if (!node) {
    return <Said text="The node was deleted from its flow. When that is undone, it is shown here again." />;
  }
  if (!component) return <Said text={`Its module ${node.module} is not there: start it to see the node.`} />;
  if (!control) return <Said text={`${component.title} has no control panel any more.`} />;
  const running = dashboard.available.includes(node.module);
  return (
    <div className="widget__body" tabIndex={0} role="group" aria-label="Control panel">
      {!running && (
        <p className="note is-warning small" role="status">
          <i className="mark" aria-hidden="true" />
          Nobody runs {node.module} now: the values are the last ones.
        </p>
      )}
      {live?.error && (
        <p className="note is-error small" role="status">
          <i className="mark" aria-hidden="true" />
          {live.error.message}
        </p>
      )}
      <ControlBody node={node.id} schema={schema} live={live} />
    </div>
  );
}

function Said({ text }: { text: string }) {
  return (
    <div className="widget__body">
      <p className="quiet" role="status">
        {text}
      </p>
    </div>
  );
}
