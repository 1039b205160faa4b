import { submit } from "../draft/submit";
import { useForm, type ControlProps } from "../FormContext";

/** A button in a form sends `true`; a running node's buttons belong to its control panel. */
export function ButtonControl({ id, path, field, describedBy, disabled }: ControlProps) {
  const { target } = useForm();
  return (
    <button
      id={id}
      type="button"
      className="btn"
      disabled={disabled}
      aria-describedby={describedBy}
      onClick={() => void submit(target, path, true)}
    >
      {field.label}
    </button>
  );
}
