import type { ControlProps } from "../FormContext";
import { useTextDraft } from "../useTextDraft";
import { textReading } from "./readings";

/** What a touch keyboard offers for a format. */
const KEYBOARDS: Record<string, "email" | "url" | "decimal"> = {
  email: "email",
  uri: "url",
  ipv4: "decimal",
};

/** One line of text; formats such as e-mail and host names are checked, not drawn differently. */
export function TextControl({ id, path, field, value, describedBy, invalid, disabled }: ControlProps) {
  const draft = useTextDraft(path, value, textReading(field.schema));
  return (
    <div className={`input ${invalid ? "input--error" : ""} ${disabled ? "input--readonly" : ""}`}>
      <input
        id={id}
        value={draft.text}
        readOnly={disabled}
        inputMode={KEYBOARDS[field.schema.format ?? ""]}
        spellCheck={false}
        autoComplete="off"
        placeholder={placeholder(field.schema.examples?.[0])}
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

function placeholder(example: unknown): string | undefined {
  return typeof example === "string" ? example : undefined;
}
