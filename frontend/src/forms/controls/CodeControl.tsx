import type { ControlProps } from "../FormContext";
import { useTextDraft } from "../useTextDraft";
import { textReading } from "./readings";

/** Source text in the mono face; Tab keeps moving the focus, so that a keyboard is never trapped here. */
export function CodeControl({ id, path, field, value, describedBy, invalid, disabled }: ControlProps) {
  const draft = useTextDraft(path, value, textReading(field.schema, true));
  return (
    <div className={`codearea ${invalid ? "input--error" : ""} ${disabled ? "input--readonly" : ""}`}>
      <textarea
        id={id}
        rows={6}
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
      {field.schema.language && <span className="codearea__language">{field.schema.language}</span>}
    </div>
  );
}
