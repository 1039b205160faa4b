import { useMemo, useState } from "react";

import { Icon } from "../../ui/Icon";
import { FieldRow } from "../FieldRow";
import { Fields } from "../Fields";
import { useForm, type ControlProps } from "../FormContext";
import { blank } from "../schema/blank";
import { chosen, fits } from "../schema/choose";
import { fieldOf } from "../schema/fields";
import { hasFields, isAny, shapesOf } from "../schema/kinds";
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
  const [picked, setPicked] = useState<number | null>(null);
  const shapes = useMemo(() => shapesOf(field.schema, root), [field.schema, root]);
  const best = useMemo(() => chosen(draft.value, shapes, root), [draft.value, shapes, root]);
  // What was picked stays while the value still can be of that shape.
  const index = picked !== null && picked !== best && fits(draft.value, shapes[picked], root) ? picked : best;
  const shape = shapes[index];
  const unset = draft.value === null && field.schema.nullable === true;
  const change = (wanted: string) => {
    if (draft.value !== undefined && !unset) setKept({ ...kept, [index]: draft.value });
    const next = shapes[Number(wanted)];
    if (wanted === "") draft.change(null);
    else if (next) {
      setPicked(Number(wanted));
      draft.change(kept[Number(wanted)] ?? blank(next, root));
    }
  };
  const inner = useMemo(() => {
    if (!shape) return null;
    const { readonly } = field.schema;
    return fieldOf(field.name, {
      ...shape,
      title: nameOf(shape, index),
      readonly: readonly ?? shape.readonly,
    });
  }, [shape, index, field]);
  const fields = useMemo(() => shape && withoutConstants(shape, root), [shape, root]);
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
      {shape && fields && !unset && hasFields(shape) && (
        <Fields key={index} schema={fields} path={path} value={draft.value} />
      )}
      {shape && inner && !unset && !hasFields(shape) && (
        <FieldRow key={index} field={inner} path={path} value={draft.value} inner bare={isAny(shape)} />
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
  return (
    shape.title ??
    NAMES[typeOf(shape) ?? ""] ??
    (isAny(shape) && !shape.type ? "Anything" : `Shape ${index + 1}`)
  );
}
