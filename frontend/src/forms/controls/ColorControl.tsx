import type { ControlProps } from "../FormContext";
import { useTextDraft } from "../useTextDraft";
import { textReading } from "./readings";

const HEX = /^#[0-9a-f]{6}$/i;

/** A colour as its text, with the browser's picker beside it. */
export function ColorControl({ id, path, field, value, describedBy, invalid, disabled }: ControlProps) {
  const draft = useTextDraft(path, value, textReading(field.schema));
  return (
    <div
      className={`input input--color ${invalid ? "input--error" : ""} ${disabled ? "input--readonly" : ""}`}
    >
      <input
        type="color"
        value={HEX.test(draft.text) ? draft.text : "#000000"}
        disabled={disabled}
        aria-label={`${field.label}: pick`}
        onChange={(event) => draft.onChange(event.target.value)}
        onBlur={draft.onBlur}
      />
      <input
        id={id}
        className="mono"
        value={draft.text}
        readOnly={disabled}
        spellCheck={false}
        autoComplete="off"
        placeholder="#1d70b8"
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
