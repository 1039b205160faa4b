import { useState } from "react";

import { useForm, type ControlProps } from "../FormContext";
import { choicesOf } from "../schema/kinds";
import { equal } from "../schema/pointer";
import { resolve } from "../schema/resolve";
import type { Json } from "../schema/types";
import { useValueDraft } from "../useValueDraft";

/** More than these are searched instead of read through. */
const MAX_READ = 20;
/** Boxes that are shown at once. */
const MAX_SHOWN = 100;

/** Any number of a closed list, each once: boxes to tick, in the list's order. */
export function ManyControl({ path, field, value, disabled }: ControlProps) {
  const { root } = useForm();
  const draft = useValueDraft(path, value);
  const [sought, setSought] = useState("");
  const held = Array.isArray(draft.value) ? draft.value : [];
  const choices = choicesOf(resolve(field.schema.items, root));
  const found = choices.filter(({ title }) => title.toLowerCase().includes(sought.trim().toLowerCase()));
  const strangers = held.filter((one) => !choices.some((choice) => equal(choice.value, one)));
  const toggle = (one: Json) =>
    draft.change(
      held.some((other) => equal(other, one)) ? held.filter((other) => !equal(other, one)) : [...held, one],
    );
  return (
    <div className="choices">
      {choices.length > MAX_READ && (
        <div className="input">
          <input
            type="search"
            value={sought}
            placeholder={`Search ${choices.length} values`}
            aria-label={`Search ${field.label}`}
            onChange={(event) => setSought(event.target.value)}
          />
        </div>
      )}
      {[...found.slice(0, MAX_SHOWN), ...strangers.map(stranger)].map((choice) => (
        <label key={JSON.stringify(choice.value)} className="choices__one">
          <input
            type="checkbox"
            checked={held.some((one) => equal(one, choice.value))}
            disabled={disabled}
            onChange={() => toggle(choice.value)}
          />
          <span>{choice.title}</span>
        </label>
      ))}
      {found.length > MAX_SHOWN && (
        <p className="muted small">{found.length - MAX_SHOWN} more: search for them</p>
      )}
      {!found.length && <p className="list__empty">None of the values is called so</p>}
    </div>
  );
}

function stranger(value: Json) {
  return { value, title: `${JSON.stringify(value)} (not in the list)` };
}
