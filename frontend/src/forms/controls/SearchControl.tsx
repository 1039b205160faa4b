import { useState, type KeyboardEvent } from "react";

import { Icon } from "../../ui/Icon";
import type { ControlProps } from "../FormContext";
import { choicesOf, type Option } from "../schema/kinds";
import { equal } from "../schema/pointer";
import { useValueDraft } from "../useValueDraft";

/** Matches that are shown at once. */
const MAX_SHOWN = 50;
const NOTHING: Option = { value: null, title: "Not set" };

/** One of a long closed list: typing narrows it, arrows and Enter choose. */
export function SearchControl({ id, path, field, value, describedBy, invalid, disabled }: ControlProps) {
  const draft = useValueDraft(path, value);
  const [sought, setSought] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const { schema, required } = field;
  const choices = choicesOf(schema);
  const current = choices.find((choice) => equal(choice.value, draft.value));
  const unset = draft.value === undefined || (draft.value === null && !current);
  const words = (sought ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const found = choices.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)));
  const offered = !words.length && !unset && (!required || schema.nullable) ? [NOTHING, ...found] : found;
  const shown = offered.slice(0, MAX_SHOWN);
  const open = sought !== null && !disabled;
  const list = `${id}:list`;
  const held = current?.title ?? (unset ? "" : `${JSON.stringify(draft.value)} (not in the list)`);

  const close = () => {
    setSought(null);
    setActive(0);
  };
  const pick = (choice: Option) => {
    draft.change(choice === NOTHING ? (schema.nullable ? null : undefined) : choice.value);
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const choice = shown[active];
    if (step) {
      event.preventDefault();
      if (!open) setSought("");
      else setActive((active + step + shown.length) % Math.max(shown.length, 1));
    } else if (event.key === "Enter" && open && choice) {
      event.preventDefault();
      pick(choice);
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      close();
    }
  };
  return (
    <div className="expression">
      <div
        className={`input input--select ${invalid ? "input--error" : ""} ${disabled ? "input--readonly" : ""}`}
      >
        <input
          id={id}
          role="combobox"
          aria-expanded={open}
          aria-controls={open ? list : undefined}
          aria-activedescendant={open && shown[active] ? `${list}:${active}` : undefined}
          aria-autocomplete="list"
          aria-describedby={describedBy}
          aria-invalid={invalid}
          aria-required={required}
          value={sought ?? held}
          readOnly={disabled}
          spellCheck={false}
          autoComplete="off"
          placeholder={`Search ${choices.length} values`}
          onClick={() => !open && setSought("")}
          onChange={(event) => {
            setSought(event.target.value);
            setActive(0);
          }}
          onBlur={close}
          onKeyDown={onKeyDown}
        />
        <Icon name="down" />
      </div>
      {open && (
        <ul id={list} className="suggestions" role="listbox" aria-label={field.label}>
          {shown.map((choice, index) => (
            <li
              key={index}
              id={`${list}:${index}`}
              role="option"
              aria-selected={index === active}
              // Before the blur that a click brings: the list would be gone.
              onPointerDown={(event) => {
                event.preventDefault();
                pick(choice);
              }}
            >
              <span className="clip">{choice.title}</span>
            </li>
          ))}
          {!shown.length && (
            <li role="option" aria-selected={false} aria-disabled="true" className="muted">
              None of the {choices.length} values is called so
            </li>
          )}
          {found.length > shown.length && (
            <li role="option" aria-selected={false} aria-disabled="true" className="muted">
              {found.length - MAX_SHOWN} more: type to narrow them down
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
