import { Icon } from "../ui/Icon";
import { revert, submit } from "./draft/submit";
import { ExpressionField } from "./expressions/ExpressionField";
import { useDraft, useForm, type ControlProps } from "./FormContext";
import { Messages } from "./Messages";
import type { Field } from "./schema/fields";
import { isReadonly, type Kind } from "./schema/kinds";
import { equal, toPointer } from "./schema/pointer";
import type { Json, Path } from "./schema/types";

/** Controls that hold fields of their own: they are a group with a heading, not an input with a label. */
const GROUPS: ReadonlySet<Kind> = new Set(["object", "list", "map", "choice"]);
/** Controls that fit into half a row. */
const NARROW: ReadonlySet<Kind> = new Set(["number", "toggle", "select", "datetime", "duration", "constant"]);

interface FieldRowProps {
  field: Field;
  path: Path;
  /** What the flow holds here; undefined leaves it to the default. */
  value: Json | undefined;
}

/** One field: label, control, help, complaints. */
export function FieldRow({ field, path, value }: FieldRowProps) {
  const { controls, errors, id: prefix, readOnly, target, ...form } = useForm();
  // A mapping as a whole is an object of fields, never one expression.
  const expressions = path.length > 0 ? form.expressions : null;
  const draft = useDraft(path);
  const pointer = toPointer(path);
  const complaints = errors.filter((error) => error.pointer === pointer);
  const { kind, label, required, schema } = field;
  const id = prefix + pointer;
  const group = GROUPS.has(kind);
  const helpId = schema.description && kind !== "toggle" ? `${id}:help` : undefined;
  const errorId = complaints.length ? `${id}:errors` : undefined;
  const disabled = readOnly !== null || isReadonly(schema);
  const props: ControlProps = {
    id,
    field,
    path,
    value: value === undefined ? schema.default : value,
    describedBy: [helpId, errorId].filter(Boolean).join(" ") || undefined,
    invalid: complaints.some((complaint) => complaint.level !== "warning"),
    disabled,
  };
  const Control = controls[kind];
  const given = value !== undefined && schema.default !== undefined && !equal(value, schema.default);
  const heading = (
    <>
      {label}
      {required && (
        <span className="field__required" title="Required">
          *<span className="unseen"> required</span>
        </span>
      )}
    </>
  );
  const tools = (
    <>
      {draft?.phase === "held" && (
        <button type="button" className="field__tool" onClick={() => revert(target, path)}>
          Discard
        </button>
      )}
      {given && !disabled && !expressions && (
        <button
          type="button"
          className="field__tool field__reset"
          title={`Back to the default: ${JSON.stringify(schema.default)}`}
          aria-label={`${label}: back to the default`}
          onClick={() => void submit(target, path, undefined)}
        >
          <Icon name="undo" size="s" />
        </button>
      )}
    </>
  );
  const narrow = NARROW.has(kind) && !expressions && !isWordy(field);
  return (
    <div
      className={`field ${narrow ? "" : "field--wide"} ${group ? "field--group" : ""} align-${schema.align ?? "left"}`}
      role={group ? "group" : undefined}
      aria-labelledby={group ? `${id}:label` : undefined}
      data-pointer={pointer}
    >
      {expressions ? (
        <ExpressionField props={props} own={value} heading={heading} tools={tools} expressions={expressions}>
          <Control {...props} />
        </ExpressionField>
      ) : (
        <>
          <div className="field__label">
            {group ? (
              <span id={`${id}:label`} className="grow">
                {heading}
              </span>
            ) : (
              <label id={`${id}:label`} htmlFor={id} className="grow">
                {heading}
              </label>
            )}
            {tools}
          </div>
          <Control {...props} />
        </>
      )}
      {helpId && (
        <p id={helpId} className="field__help">
          {schema.description}
        </p>
      )}
      <Messages id={errorId} errors={complaints} />
    </div>
  );
}

/** A switch with a long sentence beside it needs the whole row. */
function isWordy({ kind, schema }: Field): boolean {
  return kind === "toggle" && (schema.description?.length ?? 0) > 32;
}
