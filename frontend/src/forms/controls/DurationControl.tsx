import type { ControlProps } from "../FormContext";
import { useTextDraft, type Reading } from "../useTextDraft";
import { milliseconds, toIso, toWords } from "./duration";

/** A span of time, typed as "1m 30s" (or as ISO 8601), kept as ISO 8601. */
export function DurationControl({ id, path, field, value, describedBy, invalid, disabled }: ControlProps) {
  const draft = useTextDraft(path, value, reading(field.schema.nullable === true));
  return (
    <div className={`input ${invalid ? "input--error" : ""} ${disabled ? "input--readonly" : ""}`}>
      <input
        id={id}
        className="num"
        value={draft.text}
        readOnly={disabled}
        autoComplete="off"
        placeholder="1m 30s"
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

function reading(nullable: boolean): Reading {
  return {
    format: (value) => {
      if (typeof value !== "string") return "";
      const total = milliseconds(value);
      return total === undefined ? value : toWords(total);
    },
    parse: (text) => {
      if (text.trim() === "") return { value: nullable ? null : undefined };
      const total = milliseconds(text);
      return total === undefined
        ? { error: "Must be a duration such as 1m 30s or 500ms" }
        : { value: toIso(total) };
    },
  };
}
