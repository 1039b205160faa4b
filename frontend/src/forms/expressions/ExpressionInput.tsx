import { useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";

import type { ControlProps } from "../FormContext";
import { useTextDraft, type Reading } from "../useTextDraft";
import { OfferList } from "./OfferList";
import { take } from "./offers";
import { complete, isUnfinished } from "./text";
import type { Expressions, Offer } from "./types";
import { useOffers } from "./useOffers";

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

/** `{{ $.path }}`, with what could be written next to choose from: paths, functions with what they do, operators. */
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
  const offers = useOffers(expressions, field.schema);
  const input = useRef<HTMLInputElement>(null);
  /** Where the cursor goes once the text that was taken stands there. */
  const [cursor, setCursor] = useState<number | null>(null);
  const byDefault = field.schema.default;
  const list = `${id}:suggestions`;
  const visible = !disabled && offers.shown.length > 0;
  useLayoutEffect(() => {
    if (cursor !== null) input.current?.setSelectionRange(cursor, cursor);
  }, [cursor]);

  const takeOffer = (offer: Offer) => {
    const taken = take(offer, draft.text);
    draft.onChange(taken.text);
    setCursor(taken.cursor);
    // What was taken may go on: a field's fields, a function's arguments.
    if (expressions.complete) offers.ask(taken.text, taken.cursor);
    else offers.close();
  };
  const ask = (text: string) => {
    if (disabled) return;
    setCursor(null);
    offers.ask(text, input.current?.selectionStart ?? text.length);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const choice = visible ? offers.shown[offers.active] : undefined;
    if (step) {
      event.preventDefault();
      if (visible) offers.step(step);
      else ask(draft.text);
    } else if ((event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) && choice) {
      event.preventDefault();
      takeOffer(choice);
    } else if (event.key === "Escape" && visible) {
      event.stopPropagation();
      offers.close();
    } else {
      if (event.key === "Enter") offers.close();
      draft.onKeyDown(event);
    }
  };
  return (
    <div className="expression">
      <div
        className={`input input--mono input--expression ${invalid ? "input--error" : ""} ${disabled ? "input--readonly" : ""}`}
      >
        <input
          ref={input}
          id={id}
          role="combobox"
          aria-expanded={visible}
          aria-controls={visible ? list : undefined}
          aria-activedescendant={visible && offers.active >= 0 ? `${list}:${offers.active}` : undefined}
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
          onFocus={() => ask(draft.text)}
          onClick={() => ask(draft.text)}
          onChange={(event) => {
            draft.onChange(event.target.value);
            ask(event.target.value);
          }}
          onBlur={() => {
            offers.close();
            draft.onBlur();
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {visible && (
        <OfferList
          id={list}
          label={`What could stand here: ${expressions.from}`}
          offers={offers.shown}
          active={offers.active}
          onTake={takeOffer}
        />
      )}
    </div>
  );
}
