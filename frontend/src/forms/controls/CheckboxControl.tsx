import type { ControlProps } from "../FormContext";
import { useValueDraft } from "../useValueDraft";

/** Yes or no as a box to tick. */
export function CheckboxControl({ id, path, value, describedBy, invalid, disabled }: ControlProps) {
  const draft = useValueDraft(path, value);
  return (
    <div className="choices">
      <input
        id={id}
        type="checkbox"
        className="choices__box"
        checked={draft.value === true}
        disabled={disabled}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        onChange={(event) => draft.change(event.target.checked)}
      />
    </div>
  );
}
