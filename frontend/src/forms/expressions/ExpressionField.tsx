import { useState, type ReactNode } from "react";

import { submit } from "../draft/submit";
import { useDraft, useForm, type ControlProps } from "../FormContext";
import type { Field } from "../schema/fields";
import { hasFields, isAny } from "../schema/kinds";
import type { Json } from "../schema/types";
import "./expressions.css";
import { ExpressionInput } from "./ExpressionInput";
import { equal } from "../schema/pointer";
import { isExpression } from "./text";
import type { Expressions } from "./types";

interface ExpressionFieldProps {
  props: ControlProps;
  /** What the mapping holds at this field itself. */
  own: Json | undefined;
  heading: ReactNode;
  tools: ReactNode;
  expressions: Expressions;
  /** The control for a literal. */
  children: ReactNode;
}

/** A field that is either a literal in its own control or an expression over the message; one switch between the two. */
export function ExpressionField({ props, own, heading, tools, expressions, children }: ExpressionFieldProps) {
  const { id, path, field, disabled } = props;
  const { target } = useForm();
  const draft = useDraft(path);
  const [wanted, setWanted] = useState<"value" | "expression" | null>(null);
  /** What the other side held, for going back to it. */
  const [kept, setKept] = useState<{ value?: Json | undefined; expression?: string }>({});
  /** What stood here at the last look: an expression that comes from elsewhere is shown as one. */
  const [seen, setSeen] = useState(own);
  if (!equal(seen, own)) {
    setSeen(own);
    if (isExpression(own) && wanted === "value") setWanted(null);
  }
  const holdsExpression =
    isExpression(own) || isExpression(draft?.value) || (draft?.text?.includes("{{") ?? false);
  const mode = wanted ?? (holdsExpression || isOpen(own, field) ? "expression" : "value");

  const choose = (next: "value" | "expression") => {
    if (next === mode) return;
    setWanted(next);
    if (next === "value" && isExpression(own)) {
      setKept({ ...kept, expression: own });
      void submit(target, path, kept.value);
    } else if (next === "expression") {
      setKept({ ...kept, value: own });
      if (kept.expression !== undefined) void submit(target, path, kept.expression);
    }
  };
  const clear = () => {
    setWanted(null);
    target.drafts.drop(target.key, path);
    void submit(target, path, undefined);
  };
  return (
    <>
      <div className="field__label">
        <label htmlFor={id} className="grow" id={`${id}:label`}>
          {heading}
        </label>
        {tools}
        {own !== undefined && !disabled && (
          <button type="button" className="field__tool" onClick={clear} aria-label={`Clear ${field.label}`}>
            Clear
          </button>
        )}
        <span className="segments" role="group" aria-label={`${field.label}: value or expression`}>
          {(["value", "expression"] as const).map((side) => (
            <button
              key={side}
              type="button"
              aria-pressed={mode === side}
              disabled={disabled}
              onClick={() => choose(side)}
            >
              {side === "value" ? "Value" : "Expression"}
            </button>
          ))}
        </span>
      </div>
      {mode === "expression" ? (
        <ExpressionInput
          {...props}
          value={isExpression(own) || own !== kept.value ? own : undefined}
          expressions={expressions}
        />
      ) : (
        children
      )}
    </>
  );
}

/** Nothing is said yet: then most likely an expression comes. A new entry of a map starts as empty text. */
function isOpen(own: Json | undefined, { schema }: Field): boolean {
  return (own === undefined && !hasFields(schema)) || (own === "" && isAny(schema));
}
