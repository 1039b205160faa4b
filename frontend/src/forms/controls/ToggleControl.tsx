import type { ControlProps } from "../FormContext";
import { useValueDraft } from "../useValueDraft";

/** Yes or no, with the field's description as its sentence. */
export function ToggleControl({ id, path, field, value, describedBy, invalid, disabled }: ControlProps) {
  const draft = useValueDraft(path, value);
  return (
    <div className="toggle">
      <input
        id={id}
        type="checkbox"
        role="switch"
        className="switch"
        checked={draft.value === true}
        disabled={disabled}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        onChange={(event) => draft.change(event.target.checked)}
      />
      <label htmlFor={id} className="toggle__text">
        {field.schema.description ?? (draft.value === true ? "On" : "Off")}
      </label>
    </div>
  );
}
