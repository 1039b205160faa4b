import type { ControlProps } from "../FormContext";
import { Fields } from "../Fields";
import { useForm } from "../FormContext";
import { Icon } from "../../ui/Icon";
import { blank } from "../schema/blank";
import { useValueDraft } from "../useValueDraft";

/** A group inside a group that nothing stands in is closed: a schema may contain itself. */
const OPEN_DEPTH = 1;

/** Fields in a frame. One that may be null can be added and taken away as a whole. */
export function ObjectControl({ id, path, field, value, disabled }: ControlProps) {
  const { root, expressions } = useForm();
  const draft = useValueDraft(path, value);
  const unset = draft.value === undefined || draft.value === null;
  const closed = path.length > OPEN_DEPTH && !expressions;
  if (unset && (field.schema.nullable || closed)) {
    return (
      <div className="nest nest--empty">
        <span className="muted">Not set</span>
        {!disabled && (
          <button
            id={id}
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
