import type { ControlProps } from "../FormContext";
import { choicesOf } from "../schema/kinds";
import { equal } from "../schema/pointer";
import { useValueDraft } from "../useValueDraft";

/** One of a few, all of them in view. */
export function RadioControl({ id, path, field, value, describedBy, invalid, disabled }: ControlProps) {
  const draft = useValueDraft(path, value);
  return (
    <div
      id={id}
      className="choices"
      role="radiogroup"
      aria-labelledby={`${id}:label`}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      aria-required={field.required}
    >
      {choicesOf(field.schema).map((choice, index) => (
        <label key={index} className="choices__one">
          <input
            type="radio"
            name={id}
            checked={equal(choice.value, draft.value)}
            disabled={disabled}
            onChange={() => draft.change(choice.value)}
          />
          <span>{choice.title}</span>
        </label>
      ))}
    </div>
  );
}
