import { Icon } from "../../ui/Icon";
import type { ControlProps } from "../FormContext";
import { choicesOf } from "../schema/kinds";
import { equal } from "../schema/pointer";
import { useValueDraft } from "../useValueDraft";

/** One of a closed list. A value that is not in the list stays, and is said. */
export function SelectControl({ id, path, field, value, describedBy, invalid, disabled }: ControlProps) {
  const draft = useValueDraft(path, value);
  const choices = choicesOf(field.schema);
  const index = choices.findIndex((choice) => equal(choice.value, draft.value));
  const unset = draft.value === undefined || (draft.value === null && index < 0);
  const change = (picked: string) => {
    if (picked === "") draft.change(field.schema.nullable ? null : undefined);
    else draft.change(choices[Number(picked)]?.value);
  };
  return (
    <div
      className={`input input--select ${invalid ? "input--error" : ""} ${disabled ? "input--readonly" : ""}`}
    >
      <select
        id={id}
        value={index >= 0 ? String(index) : unset ? "" : "other"}
        disabled={disabled}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        aria-required={field.required}
        onChange={(event) => change(event.target.value)}
      >
        {(unset || field.schema.nullable || !field.required) && <option value="">Not set</option>}
        {index < 0 && !unset && (
          <option value="other" disabled>
            {JSON.stringify(draft.value)} (not in the list)
          </option>
        )}
        {choices.map((choice, place) => (
          <option key={place} value={place}>
            {choice.title}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </div>
  );
}
