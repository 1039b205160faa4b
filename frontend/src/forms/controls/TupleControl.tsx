import { useMemo } from "react";

import { FieldRow } from "../FieldRow";
import { useForm, type ControlProps } from "../FormContext";
import { blank } from "../schema/blank";
import { fieldOf } from "../schema/fields";
import { resolve } from "../schema/resolve";
import { isObject } from "../schema/types";
import { useValueDraft } from "../useValueDraft";

/** A list in which each place has a schema of its own; after them, items of one kind if the schema takes more. */
export function TupleControl({ path, field, value, disabled }: ControlProps) {
  const { root } = useForm();
  const draft = useValueDraft(path, value);
  const { prefixItems, items, maxItems } = field.schema;
  const places = useMemo(
    () => (prefixItems ?? []).map((part, index) => numbered(fieldOf("", resolve(part, root)), index)),
    [prefixItems, root],
  );
  const further = useMemo(
    () => (items === false ? null : fieldOf("item", resolve(items, root))),
    [items, root],
  );
  const held = Array.isArray(draft.value) ? draft.value : [];
  const next = places[held.length] ?? (held.length < (maxItems ?? Infinity) ? further : null);
  return (
    <div className="list">
      <ol>
        {held.map((entry, index) => (
          <li key={index} className="list__item">
            <FieldRow
              field={places[index] ?? numbered(further ?? fieldOf("item", {}), index)}
              path={[...path, index]}
              value={entry}
            />
            {!disabled && index === held.length - 1 && (
              <span className="list__tools">
                <button
                  type="button"
                  className="field__tool"
                  aria-label={`Remove item ${index + 1}`}
                  onClick={() => draft.change(held.slice(0, -1))}
                >
                  Remove
                </button>
              </span>
            )}
          </li>
        ))}
      </ol>
      {!held.length && <p className="list__empty">{isObject(items) ? "Empty" : "Not set"}</p>}
      {!disabled && next && (
        <button
          type="button"
          className="btn btn--s"
          onClick={() => draft.change([...held, blank(next.schema, root)])}
        >
          Add {places[held.length] ? next.label.toLowerCase() : "item"}
          <span className="unseen"> to {field.label}</span>
        </button>
      )}
    </div>
  );
}

function numbered(field: ReturnType<typeof fieldOf>, index: number) {
  return { ...field, label: field.schema.title ?? `Item ${index + 1}` };
}
