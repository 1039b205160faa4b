import { useState } from "react";

import { Icon } from "../../ui/Icon";
import { FieldRow } from "../FieldRow";
import { Fields } from "../Fields";
import { useForm, type ControlProps } from "../FormContext";
import { blank } from "../schema/blank";
import { chosen } from "../schema/choose";
import { fieldOf } from "../schema/fields";
import { alternatives, hasFields } from "../schema/kinds";
import { resolve, typeOf } from "../schema/resolve";
import type { Json, Resolved, Schema } from "../schema/types";
import { useValueDraft } from "../useValueDraft";

const NAMES: Record<string, string> = {
  array: "List",
  boolean: "Yes or no",
  integer: "Whole number",
  number: "Number",
  object: "Object",
  string: "Text",
};

/** One of several shapes. Going to another shape and back brings what stood there. */
export function ChoiceControl({ id, path, field, value, describedBy, disabled }: ControlProps) {
  const { root } = useForm();
  const draft = useValueDraft(path, value);
  const [kept, setKept] = useState<Record<number, Json>>({});
  const shapes = alternatives(field.schema).map((member) => resolve(member, root));
  const index = chosen(draft.value, field.schema, root);
  const shape = shapes[index];
  const unset = draft.value === null && field.schema.nullable === true;
  const change = (picked: string) => {
    if (draft.value !== undefined && !unset) setKept({ ...kept, [index]: draft.value });
    const next = shapes[Number(picked)];
    if (picked === "") draft.change(null);
    else if (next) draft.change(kept[Number(picked)] ?? blank(next, root));
  };
  return (
    <div className="nest">
      <div className={`input input--select ${disabled ? "input--readonly" : ""}`}>
        <select
          id={id}
          value={unset ? "" : String(index)}
          disabled={disabled}
          aria-label={`${field.label}: shape`}
          aria-describedby={describedBy}
          onChange={(event) => change(event.target.value)}
        >
          {field.schema.nullable && <option value="">Not set</option>}
          {shapes.map((member, place) => (
            <option key={place} value={place}>
              {nameOf(member, place)}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </div>
      {shape && !unset && hasFields(shape) && (
        <Fields key={index} schema={withoutConstants(shape, root)} path={path} value={draft.value} />
      )}
      {shape && !unset && !hasFields(shape) && (
        <FieldRow
          key={index}
          field={fieldOf(field.name, {
            ...shape,
            title: nameOf(shape, index),
            readonly: field.schema.readonly,
          })}
          path={path}
          value={draft.value}
        />
      )}
    </div>
  );
}

/** What tells the shapes apart is said by the choice itself. */
function withoutConstants(shape: Resolved, root: Schema): Resolved {
  const shown = Object.entries(shape.properties ?? {}).filter(
    ([, part]) => resolve(part, root).const === undefined,
  );
  return { ...shape, properties: Object.fromEntries(shown) };
}

function nameOf(shape: Resolved, index: number): string {
  return shape.title ?? NAMES[typeOf(shape) ?? ""] ?? `Shape ${index + 1}`;
}
