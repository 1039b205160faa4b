import { useMemo, useState, type KeyboardEvent } from "react";

import type { ControlProps } from "../FormContext";
import { useTextDraft, type Reading } from "../useTextDraft";
import { fits, lookUp, sourceFields, type SourceField } from "./sources";
import { complete, isUnfinished, pureExpression } from "./text";
import type { Expressions } from "./types";

const MAX_SHOWN = 8;

const reading: Reading = {
  format: (value) => (typeof value === "string" ? value : ""),
  parse: (text) => {
    // Sent as it is, half an expression would be taken for a text, and vanish from this field while it is typed.
    if (isUnfinished(text)) return { error: "This expression has no end yet: }} is missing" };
    return { value: text.trim() === "" ? undefined : complete(text) };
  },
};

interface ExpressionInputProps extends ControlProps {
  expressions: Expressions;
}

/** `{{ $.path }}` with the source's fields to choose from: fields that fit the target's type come first. */
export function ExpressionInput({
  id,
  path,
  field,
  value,
  describedBy,
  invalid,
  disabled,
  expressions,
}: ExpressionInputProps) {
  const draft = useTextDraft(path, value, reading);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const { source, root } = expressions;
  const byDefault = field.schema.default;
  const fields = useMemo(() => {
    const suits = ({ path: at }: SourceField) => {
      const found = lookUp(at, source, root);
      return typeof found === "object" && fits(found.schema, field.schema) ? 0 : 1;
    };
    return sourceFields(source, root).sort((a, b) => suits(a) - suits(b));
  }, [source, root, field.schema]);
  const shown = useMemo(() => matching(fields, draft.text), [fields, draft.text]);
  const list = `${id}:suggestions`;
  const visible = open && !disabled && shown.length > 0;

  const pick = (choice: SourceField) => {
    draft.onChange(`{{ ${choice.path} }}`);
    setOpen(false);
    setActive(-1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const choice = visible ? shown[active] : undefined;
    if (step) {
      event.preventDefault();
      setOpen(true);
      setActive(
        (shown.length + active + step + (active < 0 && step < 0 ? 1 : 0)) % Math.max(shown.length, 1),
      );
    } else if (event.key === "Enter" && choice) {
      event.preventDefault();
      pick(choice);
    } else if (event.key === "Escape" && visible) {
      event.stopPropagation();
      setOpen(false);
    } else {
      draft.onKeyDown(event);
    }
  };
  return (
    <div className="expression">
      <div
        className={`input input--mono input--expression ${invalid ? "input--error" : ""} ${disabled ? "input--readonly" : ""}`}
      >
        <input
          id={id}
          role="combobox"
          aria-expanded={visible}
          aria-controls={visible ? list : undefined}
          aria-activedescendant={visible && active >= 0 ? `${list}:${active}` : undefined}
          aria-autocomplete="list"
          aria-describedby={describedBy}
          aria-invalid={invalid}
          aria-required={field.required}
          value={draft.text}
          readOnly={disabled}
          spellCheck={false}
          autoComplete="off"
          placeholder={
            byDefault === undefined || byDefault === null || byDefault === ""
              ? "{{ $.field }}"
              : `Default: ${JSON.stringify(byDefault)}`
          }
          onFocus={() => setOpen(true)}
          onChange={(event) => {
            setOpen(true);
            setActive(-1);
            draft.onChange(event.target.value);
          }}
          onBlur={() => {
            setOpen(false);
            draft.onBlur();
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {visible && (
        <ul id={list} className="suggestions" role="listbox" aria-label={`Fields of ${expressions.from}`}>
          {shown.map((choice, index) => (
            <li
              key={choice.path}
              id={`${list}:${index}`}
              role="option"
              aria-selected={index === active}
              // Before the blur that a click brings: the list would be gone.
              onPointerDown={(event) => {
                event.preventDefault();
                pick(choice);
              }}
            >
              <code className="clip">{choice.path}</code>
              <span className="muted clip">{choice.label}</span>
              <span className="suggestions__type">{choice.type}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Fields whose path or label holds what was typed after the last `{{` or `$`; all of them for a finished expression. */
function matching(fields: SourceField[], text: string): SourceField[] {
  const typed = (pureExpression(text) ?? text.replace(/^.*\{\{/s, ""))
    .replace(/^[\s$.]+|[\s}]+$/g, "")
    .toLowerCase();
  const exact = fields.some(({ path }) => path.toLowerCase() === `$.${typed}`);
  const found = exact
    ? fields
    : fields.filter(
        ({ path, label }) => path.toLowerCase().includes(typed) || label.toLowerCase().includes(typed),
      );
  return found.slice(0, MAX_SHOWN);
}
