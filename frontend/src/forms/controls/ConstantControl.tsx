import { submit } from "../draft/submit";
import { useForm, type ControlProps } from "../FormContext";
import { equal } from "../schema/pointer";
import { useValueDraft } from "../useValueDraft";

/** A value that the schema fixes: nothing to choose but that it stands there. */
export function ConstantControl({ id, path, field, value, describedBy, disabled }: ControlProps) {
  const { target } = useForm();
  const draft = useValueDraft(path, value);
  const fixed = field.schema.const ?? null;
  const text = fixed === null ? "Nothing" : typeof fixed === "string" ? fixed : JSON.stringify(fixed);
  return (
    <div className="constant">
      <output id={id} className="input input--readonly mono grow" aria-describedby={describedBy}>
        {text}
      </output>
      {!disabled && !equal(draft.value, fixed) && (
        <button type="button" className="btn btn--s" onClick={() => void submit(target, path, fixed)}>
          Set<span className="unseen"> {field.label}</span>
        </button>
      )}
    </div>
  );
}
