import { useState } from "react";

import type { ControlProps } from "../FormContext";
import { useTextDraft } from "../useTextDraft";
import { textReading } from "./readings";

/** Masked text; what it holds can be looked at while the field is in use. */
export function SecretControl({ id, path, field, value, describedBy, invalid, disabled }: ControlProps) {
  const draft = useTextDraft(path, value, textReading(field.schema));
  const [shown, setShown] = useState(false);
  return (
    <div
      className={`input input--secret ${invalid ? "input--error" : ""} ${disabled ? "input--readonly" : ""}`}
    >
      <input
        id={id}
        type={shown ? "text" : "password"}
        value={draft.text}
        readOnly={disabled}
        spellCheck={false}
        autoComplete="off"
        aria-describedby={describedBy}
        aria-invalid={invalid}
        aria-required={field.required}
        onChange={(event) => draft.onChange(event.target.value)}
        onBlur={draft.onBlur}
        onKeyDown={draft.onKeyDown}
      />
      <button type="button" className="field__tool" aria-pressed={shown} onClick={() => setShown(!shown)}>
        {shown ? "Hide" : "Show"}
        <span className="unseen"> {field.label}</span>
      </button>
    </div>
  );
}
