import type { ControlProps } from "../FormContext";
import { Fields } from "../Fields";
import { useForm } from "../FormContext";
import { Icon } from "../../ui/Icon";
import { blank } from "../schema/blank";
import { useValueDraft } from "../useValueDraft";

/** Fields in a frame. One that may be null can be added and taken away as a whole. */
export function ObjectControl({ path, field, value, disabled }: ControlProps) {
  const { root } = useForm();
  const draft = useValueDraft(path, value);
  if (field.schema.nullable && (draft.value === null || draft.value === undefined)) {
    return (
      <div className="nest nest--empty">
        <span className="muted">Not set</span>
        {!disabled && (
          <button
            type="button"
            className="btn btn--s"
            onClick={() => draft.change(blank({ ...field.schema, default: undefined }, root))}
          >
            <Icon name="plus" />
            Set {field.label}
          </button>
        )}
      </div>
    );
  }
  return (
    <div className="nest">
      <Fields schema={field.schema} path={path} value={draft.value} />
      {field.schema.nullable && !disabled && (
        <button type="button" className="field__tool" onClick={() => draft.change(null)}>
          Remove {field.label}
        </button>
      )}
    </div>
  );
}
