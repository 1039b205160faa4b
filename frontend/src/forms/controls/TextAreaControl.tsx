import type { ControlProps } from "../FormContext";
import { useTextDraft } from "../useTextDraft";
import { textReading } from "./readings";

/** Several lines of text. */
export function TextAreaControl({ id, path, field, value, describedBy, invalid, disabled }: ControlProps) {
  const draft = useTextDraft(path, value, textReading(field.schema, true));
  return (
    <textarea
      id={id}
      className={`textarea ${invalid ? "input--error" : ""} ${disabled ? "input--readonly" : ""}`}
      rows={3}
      value={draft.text}
      readOnly={disabled}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      aria-required={field.required}
      onChange={(event) => draft.onChange(event.target.value)}
      onBlur={draft.onBlur}
      onKeyDown={draft.onKeyDown}
    />
  );
}
