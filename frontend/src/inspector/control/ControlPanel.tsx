import { useMemo } from "react";

import { isModuleAvailable } from "../../core/catalogue";
import type { FlowNode, NodeLive, Port } from "../../core/types";
import { keyFor } from "../../actions/registry";
import { useOpenPanel } from "../../actions/context";
import { asSchema } from "../../forms/schema/types";
import { Icon } from "../../ui/Icon";
import { useCan, useCatalogue } from "../../live/hooks";
import { StatePill } from "../node/StatePill";
import { ControlBody } from "./ControlBody";
import { EditorControls } from "./EditorControls";

interface ControlPanelProps {
  node: FlowNode;
  port: Port;
  live: NodeLive | undefined;
}

/** The control panel in the inspector, made from the `_control` port's schema. */
export function ControlPanel({ node, port, live }: ControlPanelProps) {
  const schema = useMemo(() => asSchema(port.schema), [port.schema]);
  const open = useOpenPanel();
  const { edit } = useCan();
  const running = isModuleAvailable(useCatalogue(), node.module);
  return (
    <section className="control" aria-label="Control">
      <header className="control__head">
        <h3 className="grow">Control</h3>
        {edit && (
          <button
            type="button"
            className="btn btn--plain btn--icon btn--s"
            aria-label="Add to dashboard"
            title={`Add to dashboard (${keyFor("dashboard.add")})`}
            onClick={() => open("dashboard")}
          >
            <Icon name="monitor" />
          </button>
        )}
        {running && <StatePill live={live} />}
      </header>
      {!running && (
        <p className="note is-warning small" role="status">
          <i className="mark" aria-hidden="true" />
          Nobody runs {node.module} now: the values are the last ones.
        </p>
      )}
      <EditorControls node={node.id}>
        <ControlBody node={node.id} schema={schema} live={live} />
      </EditorControls>
    </section>
  );
}
