import type { Component, FlowNode } from "../../core/types";
import { useCatalogue, useEditor } from "../../live/hooks";
import { AboutButton } from "../../about/AboutButton";
import { Tile } from "../../ui/Tile";
import { Overwritten } from "../../merging/Overwritten";
import { useTextEdit } from "./useTextEdit";
import { CloseInspector } from "../CloseInspector";

interface NodeHeaderProps {
  node: FlowNode;
  component: Component | undefined;
  editable: boolean;
}

/** Who the node is: icon, name (renamed in place), component and what is to know about it, module, id. */
export function NodeHeader({ node, component, editable }: NodeHeaderProps) {
  const editor = useEditor();
  const { modules } = useCatalogue();
  const version = modules.find(({ name }) => name === node.module)?.version;
  const title = component?.title ?? node.component;
  const label = useTextEdit(node.label, (text) =>
    editor.apply([{ op: "set_node", id: node.id, fields: { label: text } }], { label: "Rename" }),
  );
  return (
    <header className="inspector__head">
      <Tile icon={component?.icon ?? ""} category={component?.category ?? ""} size="l" />
      <div className="inspector__who">
        <h2>
          <input
            className="inspector__label clip"
            aria-label="Name"
            placeholder={title}
            value={label.value}
            readOnly={!editable}
            spellCheck={false}
            autoComplete="off"
            maxLength={200}
            onChange={(event) => label.onChange(event.target.value)}
            onBlur={label.onBlur}
            onKeyDown={(event) => {
              label.onKeyDown(event);
              if (event.key === "Enter") event.currentTarget.blur();
            }}
          />
        </h2>
        <p className="small muted clip" title={`${node.module} · ${node.component} · ${node.id}`}>
          {title} · {node.module}
          {version && ` ${version}`}
        </p>
        <Overwritten at={`node:${node.id}/label`} label="Name" />
      </div>
      <div className="line inspector__head-end">
        {component && <AboutButton component={component} />}
        <CloseInspector />
      </div>
    </header>
  );
}
