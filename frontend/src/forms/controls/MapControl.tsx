import { useState } from "react";

import { Icon } from "../../ui/Icon";
import { submit } from "../draft/submit";
import { FieldRow } from "../FieldRow";
import { useForm, type ControlProps } from "../FormContext";
import { blank } from "../schema/blank";
import { fieldOf } from "../schema/fields";
import { resolve } from "../schema/resolve";
import { isObject, type Json } from "../schema/types";
import { useValueDraft } from "../useValueDraft";
import { MapKey } from "./MapKey";

/** Names that people choose, each with a value. */
export function MapControl({ id, path, field, value, disabled }: ControlProps) {
  const { expressions, root, target } = useForm();
  const draft = useValueDraft(path, value);
  const [adding, setAdding] = useState(false);
  const entries = isObject(draft.value) ? Object.entries(draft.value) : [];
  const declared =
    typeof field.schema.additionalProperties === "object" ? field.schema.additionalProperties : {};
  const item = fieldOf("value", resolve(declared, root));
  const taken = new Set(entries.map(([name]) => name));

  const replace = (next: [string, Json][], place: (name: string) => string | null) => {
    target.drafts.rename(target.key, path, (step) => place(String(step)));
    void submit(target, path, Object.fromEntries(next));
  };
  const rename = (from: string, to: string) =>
    replace(
      entries.map(([name, held]) => [name === from ? to : name, held]),
      (name) => (name === from ? to : name),
    );
  const remove = (gone: string) =>
    replace(
      entries.filter(([name]) => name !== gone),
      (name) => (name === gone ? null : name),
    );

  return (
    <div className="list">
      {!entries.length && !adding && <p className="list__empty">Empty</p>}
      <ul>
        {entries.map(([name, held]) => (
          <li key={name} className="list__item list__item--map">
            <MapKey
              name={name}
              label={`Name of ${name}`}
              taken={taken}
              disabled={disabled}
              onRename={(to) => rename(name, to)}
            />
            <FieldRow field={{ ...item, name, label: name }} path={[...path, name]} value={held} />
            {!disabled && (
              <span className="list__tools">
                <button type="button" aria-label={`Remove ${name}`} onClick={() => remove(name)}>
                  <Icon name="close" size="s" />
                </button>
              </span>
            )}
          </li>
        ))}
        {adding && (
          <li className="list__item list__item--map">
            <MapKey
              name=""
              label="Name of the new entry"
              taken={taken}
              disabled={false}
              onRename={(name) => {
                setAdding(false);
                replace([...entries, [name, expressions ? "" : blank(item.schema, root)]], (step) => step);
              }}
              onGiveUp={() => setAdding(false)}
            />
          </li>
        )}
      </ul>
      {!disabled && !adding && (
        <button id={id} type="button" className="btn btn--s" onClick={() => setAdding(true)}>
          <Icon name="plus" />
          Add entry
          <span className="unseen"> to {field.label}</span>
        </button>
      )}
    </div>
  );
}
