import type { KeyboardEvent } from "react";

import { Icon } from "../../ui/Icon";
import { submit } from "../draft/submit";
import { useForm, type ControlProps } from "../FormContext";
import type { Resolved } from "../schema/types";
import { useTextDraft } from "../useTextDraft";
import { numberReading } from "./readings";

/** A number with steps; arrow keys step, with Shift by ten. */
export function NumberControl({ id, path, field, value, describedBy, invalid, disabled }: ControlProps) {
  const { target } = useForm();
  const reading = numberReading(field.schema);
  const draft = useTextDraft(path, value, reading);
  const current = reading.parse(draft.text);
  const number = "value" in current && typeof current.value === "number" ? current.value : undefined;
  const step = (by: number) => {
    if (!disabled) void submit(target, path, stepped(number ?? 0, by, field.schema));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!direction) return draft.onKeyDown(event);
    event.preventDefault();
    step(event.shiftKey ? direction * 10 : direction);
  };
  return (
    <div
      className={`input input--number ${invalid ? "input--error" : ""} ${disabled ? "input--readonly" : ""}`}
    >
      <input
        id={id}
        className="num"
        role="spinbutton"
        inputMode={field.schema.type === "integer" ? "numeric" : "decimal"}
        autoComplete="off"
        value={draft.text}
        readOnly={disabled}
        placeholder={field.schema.nullable ? "None" : undefined}
        aria-valuenow={number}
        aria-valuemin={field.schema.minimum}
        aria-valuemax={field.schema.maximum}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        aria-required={field.required}
        onChange={(event) => draft.onChange(event.target.value)}
        onBlur={draft.onBlur}
        onKeyDown={onKeyDown}
      />
      {!disabled && (
        <span className="steps" aria-hidden="true">
          <button type="button" tabIndex={-1} onClick={() => step(1)}>
            <Icon name="up" />
          </button>
          <button type="button" tabIndex={-1} onClick={() => step(-1)}>
            <Icon name="down" />
          </button>
        </span>
      )}
    </div>
  );
}

/** The next value inside the schema's limits; sums of decimals are rounded to what was asked for (0.1 + 0.2 is 0.3). */
function stepped(from: number, by: number, schema: Resolved): number {
  const next = Number((from + by * (schema.step ?? schema.multipleOf ?? 1)).toPrecision(15));
  return Math.min(schema.maximum ?? Infinity, Math.max(schema.minimum ?? -Infinity, next));
}
