import { useState } from "react";

import type { Component, NodeLive } from "../../core/types";
import { isButton, isReadonly } from "../../forms/schema/kinds";
import { typeOf } from "../../forms/schema/resolve";
import { asSchema } from "../../forms/schema/types";
import { Dialog } from "../../ui/Dialog";
import type { PageOp, Widget, WidgetNode } from "../core/types";
import { panelOf } from "../widget/panel";
import { controlSchemaFields, patched, withKeyword } from "../widget/patch";
import { CloseDialog } from "./CloseDialog";

interface WidgetSettingsProps {
  widget: Widget;
  title: string;
  project: string;
  node: WidgetNode | undefined;
  component: Component | undefined;
  live: NodeLive | undefined;
  onEdit: (ops: PageOp[]) => void;
  onEarlier: (() => void) | null;
  onLater: (() => void) | null;
  onClose: () => void;
}

/** The widget's own title, and which fields of the panel it shows and how. */
export function WidgetSettings(props: WidgetSettingsProps) {
  const { widget, title, node, component, live, onEdit, onEarlier, onLater, onClose } = props;
  const [text, setText] = useState(widget.title);
  const schema = asSchema(panelOf(component, live)?.schema);
  const now = controlSchemaFields(patched(schema, widget.schema_patch));
  const set = (fields: Partial<Pick<Widget, "title" | "schema_patch">>): void =>
    onEdit([{ op: "set_widget", id: widget.id, fields }]);
  const rename = (): void => {
    if (text !== widget.title) set({ title: text });
  };
  return (
    <Dialog
      title={title}
      onClose={() => {
        rename();
        onClose();
      }}
    >
      <div className="settings">
        <label className="settings__row">
          <span>Title</span>
          <input
            className="input"
            maxLength={100}
            value={text}
            placeholder={node?.label || component?.title}
            onChange={(event) => setText(event.target.value)}
            onBlur={rename}
            onKeyDown={(event) => {
              if (event.key === "Enter") rename();
            }}
          />
        </label>
        {now.length > 0 && (
          <fieldset className="settings__fields">
            <legend>Shown</legend>
            {now.map(({ name, label, schema: field }) => (
              <div key={name} className="settings__field">
                <label className="line grow">
                  <input
                    type="checkbox"
                    checked={field.hidden !== true}
                    onChange={(event) =>
                      set({
                        schema_patch: withKeyword(
                          schema,
                          widget.schema_patch,
                          name,
                          "hidden",
                          !event.target.checked,
                        ),
                      })
                    }
                  />
                  {label}
                </label>
                {isReadonly(field) && !isButton(field) && /^(integer|number)$/.test(typeOf(field) ?? "") && (
                  <select
                    aria-label={`How ${label} is drawn`}
                    value={field.chart ?? "none"}
                    onChange={(event) =>
                      set({
                        schema_patch: withKeyword(
                          schema,
                          widget.schema_patch,
                          name,
                          "chart",
                          event.target.value,
                        ),
                      })
                    }
                  >
                    <option value="none">Number</option>
                    <option value="sparkline">With a small line</option>
                    <option value="line">With a diagram</option>
                  </select>
                )}
              </div>
            ))}
          </fieldset>
        )}
        <div className="line">
          <button type="button" className="btn btn--s" disabled={!onEarlier} onClick={onEarlier ?? undefined}>
            Earlier
          </button>
          <button type="button" className="btn btn--s" disabled={!onLater} onClick={onLater ?? undefined}>
            Later
          </button>
          <span className="grow" />
          {node && (
            <a className="btn btn--s" href={`/projects/${props.project}/flows/${node.flow.id}/`}>
              Open {node.flow.name}
            </a>
          )}
        </div>
        <CloseDialog />
      </div>
    </Dialog>
  );
}
