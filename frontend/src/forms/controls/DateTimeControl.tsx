import type { ControlProps } from "../FormContext";
import type { Json } from "../schema/types";
import { useTextDraft, type Reading } from "../useTextDraft";

const INPUTS: Record<string, string> = { "date-time": "datetime-local", date: "date", time: "time" };

/** A date, a time, or both. Moments are shown in local time and kept in UTC. */
export function DateTimeControl({ id, path, field, value, describedBy, invalid, disabled }: ControlProps) {
  const { schema } = field;
  const draft = useTextDraft(path, value, reading(schema.format ?? "", schema.nullable === true));
  return (
    <div className={`input ${invalid ? "input--error" : ""} ${disabled ? "input--readonly" : ""}`}>
      <input
        id={id}
        className="num"
        type={INPUTS[schema.format ?? ""]}
        step={schema.format === "date" ? undefined : 1}
        value={draft.text}
        readOnly={disabled}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        aria-required={field.required}
        onChange={(event) => draft.onChange(event.target.value)}
        onBlur={draft.onBlur}
        onKeyDown={draft.onKeyDown}
      />
    </div>
  );
}

function reading(format: string, nullable: boolean): Reading {
  const moment = format === "date-time";
  return {
    format: (value) => (typeof value !== "string" ? "" : moment ? toLocal(value) : value),
    parse: (text) => {
      if (text === "") return { value: nullable ? null : undefined };
      return moment ? toUtc(text) : { value: text };
    },
  };
}

/** `2026-01-31T12:00:00Z` -> the browser's `2026-01-31T13:00:00` an hour east of Greenwich. */
export function toLocal(moment: string): string {
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function toUtc(local: string): { value: Json } | { error: string } {
  const at = new Date(local);
  if (Number.isNaN(at.getTime())) return { error: "Must be a date and time" };
  return { value: at.toISOString().replace(".000Z", "Z") };
}
