import type { ControlProps } from "../FormContext";
import { useTextDraft } from "../useTextDraft";
import { jsonReading } from "./readings";

/** Any value as JSON text: for what no other control fits. */
export function JsonControl({ id, path, field, value, describedBy, invalid, disabled }: ControlProps) {
  const draft = useTextDraft(path, value, jsonReading);
  return (
    <div className={`codearea ${invalid ? "input--error" : ""} ${disabled ? "input--readonly" : ""}`}>
      <textarea
        id={id}
        rows={3}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        value={draft.text}
        readOnly={disabled}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        aria-required={field.required}
        onChange={(event) => draft.onChange(event.target.value)}
        onBlur={draft.onBlur}
        onKeyDown={draft.onKeyDown}
      />
      <span className="codearea__language">JSON</span>
    </div>
  );
}
