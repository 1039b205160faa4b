import { useState } from "react";

import type { ControlProps } from "../FormContext";
import type { Resolved } from "../schema/types";
import { useTextDraft, type Reading } from "../useTextDraft";
import { textReading } from "./readings";

/** How a flow names a key of a Secret; its value never enters a flow. */
const REFERENCE = /^\[\[secret:[^/\]\s]+\/[^\]\s]+\]\]$/;

function reading(schema: Resolved): Reading {
  const { format, parse } = textReading(schema);
  return {
    format,
    parse: (text) => {
      if (text === "" || REFERENCE.test(text.trim())) return parse(text.trim());
      return { error: "A secret itself is never kept in a flow. Name it: [[secret:name/key]]" };
    },
  };
}

/** The name of a secret; whatever else is typed here is masked, and not sent. */
export function SecretControl({ id, path, field, value, describedBy, invalid, disabled }: ControlProps) {
  const draft = useTextDraft(path, value, reading(field.schema));
  const [shown, setShown] = useState(false);
  const named = draft.text === "" || REFERENCE.test(draft.text.trim());
  return (
    <div
      className={`input input--secret ${invalid ? "input--error" : ""} ${disabled ? "input--readonly" : ""}`}
    >
      <input
        id={id}
        type={shown || named ? "text" : "password"}
        placeholder="[[secret:name/key]]"
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
      {!named && (
        <button type="button" className="field__tool" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? "Hide" : "Show"}
          <span className="unseen"> {field.label}</span>
        </button>
      )}
    </div>
  );
}
