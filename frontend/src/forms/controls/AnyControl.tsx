import { useMemo, useState } from "react";

import { Icon } from "../../ui/Icon";
import { submit } from "../draft/submit";
import { useForm, type ControlProps } from "../FormContext";
import { blank } from "../schema/blank";
import { fieldOf, type Field } from "../schema/fields";
import type { Json, Resolved } from "../schema/types";
import { useValueDraft } from "../useValueDraft";
import { JsonControl } from "./JsonControl";

/** The kinds of value there are, as people call them. */
const WAYS: Record<string, { title: string; schema: Resolved }> = {
  json: { title: "JSON", schema: {} },
  string: { title: "Text", schema: { type: "string" } },
  number: { title: "Number", schema: { type: "number" } },
  boolean: { title: "Yes or no", schema: { type: "boolean" } },
  array: { title: "List", schema: { type: "array" } },
  object: { title: "Fields", schema: { type: "object" } },
  null: { title: "Nothing", schema: { type: "null" } },
};

/** Whatever JSON there is: the person says what kind of value it is and gets its control, or writes it as JSON. */
export function AnyControl(props: ControlProps) {
  const { id, path, field, value, disabled } = props;
  const { root, rendererOf, target } = useForm();
  const draft = useValueDraft(path, value);
  const [picked, setPicked] = useState<string | null>(null);
  const ways = waysOf(field.schema);
  const way = picked ?? wayOf(draft.value, ways);
  const inner = useAs(field, way);
  const change = (next: string) => {
    setPicked(next);
    const schema = WAYS[next]?.schema ?? {};
    if (next !== "json" && (draft.value === undefined || wayOf(draft.value, ways) !== next)) {
      void submit(target, path, next === "null" ? null : blank(schema, root));
    }
  };
  const { control: Inner } = rendererOf(inner.schema);
  return (
    <div className="any">
      {!disabled && (
        <div className="input input--select any__way">
          <select
            id={way === "null" ? id : undefined}
            value={way}
            aria-label={`${field.label}: kind of value`}
            onChange={(event) => change(event.target.value)}
          >
            {ways.map((name) => (
              <option key={name} value={name}>
                {WAYS[name]?.title}
              </option>
            ))}
          </select>
          <Icon name="down" />
        </div>
      )}
      {way === "json" && <JsonControl {...props} />}
      {way !== "json" && !(way === "null" && !disabled) && (
        <Inner key={way} {...props} field={inner} value={draft.value} />
      )}
    </div>
  );
}

/** The field as one of a kind of value. */
function useAs(field: Field, way: string): Field {
  return useMemo(() => {
    const { title, description, readonly } = field.schema;
    return fieldOf(field.name, { title: title ?? field.label, description, readonly, ...WAYS[way]?.schema });
  }, [field, way]);
}

/** Those that the schema lets stand here; JSON is for all of them. */
function waysOf({ type, nullable }: Resolved): string[] {
  const named = type
    ? [type].flat().map((name) => (name === "integer" ? "number" : name))
    : Object.keys(WAYS);
  return [
    "json",
    ...new Set([...named.filter((name) => name in WAYS && name !== "json"), ...(nullable ? ["null"] : [])]),
  ];
}

/** Texts and numbers have their control; what has fields or items in it starts as JSON, for it may be of any size. */
function wayOf(value: Json | undefined, ways: string[]): string {
  const way = value === null ? "null" : typeof value;
  return way !== "object" && ways.includes(way) ? way : "json";
}
