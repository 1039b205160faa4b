import { memo, Suspense, useContext, type ReactNode } from "react";

import { Icon } from "../ui/Icon";
import { revert, submit } from "./draft/submit";
import { ExpressionField } from "./expressions/ExpressionField";
import {
  NestingContext,
  useComplaints,
  useDraft,
  useForm,
  useLiveValue,
  type ControlProps,
} from "./FormContext";
import { FieldMark } from "./FieldMark";
import { LargeValue } from "./LargeValue";
import { Meeting } from "./Meeting";
import { Messages } from "./Messages";
import type { Field } from "./schema/fields";
import { isMisfit, isReadonly } from "./schema/kinds";
import { isLarge } from "./schema/large";
import { placeOf } from "./schema/layout";
import { equal, toPointer } from "./schema/pointer";
import type { Json, Path, Resolved } from "./schema/types";

interface FieldRowProps {
  field: Field;
  path: Path;
  /** What the flow holds here; undefined leaves it to the default. */
  value: Json | undefined;
  /** In a table or a list the label is only read out: the place says which field it is. */
  bare?: boolean;
  /** The chosen shape of a union: the union's row says what is wrong, and meets others' changes. */
  inner?: boolean;
  /** Asked for with what stands beside it; else as the schema says. */
  required?: boolean;
}

/** Groups in groups; what is nested deeper is JSON. A schema may contain itself. */
const MAX_NESTING = 12;
/** A union in a union leads no deeper into the value: few of them are enough. */
const INNER = 4;
const RAW: Resolved = { format: "json" };

/** One field: label, control, help, complaints. Drawn anew only when something of its own changes. */
export const FieldRow = memo(function FieldRow(row: FieldRowProps) {
  const { path, value: held, bare = false, inner = false } = row;
  const { rendererOf, id: prefix, readOnly, ...form } = useForm();
  // A mapping as a whole is an object of fields, never one expression.
  const expressions = path.length > 0 ? form.expressions : null;
  const complaints = useComplaints(path);
  const nesting = useContext(NestingContext);
  const { schema } = row.field;
  const required = row.required ?? row.field.required;
  const field = required === row.field.required ? row.field : { ...row.field, required };
  const fixed = isReadonly(schema);
  const live = useLiveValue(path);
  const value = fixed && live !== undefined ? live : held;
  const {
    name,
    control: Control,
    layout,
  } = rendererOf(nesting > MAX_NESTING || isMisfit(value, schema) ? RAW : schema);
  const pointer = toPointer(path);
  const outer = prefix + pointer;
  const id = inner ? `${outer}:shape` : outer;
  const group = layout === "group";
  const helpId = schema.description && name !== "toggle" ? `${id}:help` : undefined;
  const errorId = complaints.length ? `${outer}:errors` : undefined;
  const disabled = readOnly !== null || fixed;
  const props: ControlProps = {
    id,
    field,
    path,
    value: value === undefined ? schema.default : value,
    describedBy: [helpId, errorId].filter(Boolean).join(" ") || undefined,
    invalid: complaints.some((complaint) => complaint.level !== "warning"),
    disabled,
  };
  const heading = <Heading field={field} />;
  const tools = (
    <Tools field={field} path={path} value={value} disabled={disabled} resets={!expressions && !inner} />
  );
  const control = (
    <Suspense fallback={<div className="field__loading" aria-hidden="true" />}>
      {group ? (
        <NestingContext value={nesting + (inner ? INNER : 1)}>
          <Control {...props} />
        </NestingContext>
      ) : isLarge(value) ? (
        <LargeValue id={id} describedBy={props.describedBy} />
      ) : (
        <Control {...props} />
      )}
    </Suspense>
  );
  return (
    <div
      className={`field ${group ? "field--group" : ""} ${bare ? "field--bare" : ""} ${placeOf(schema, layout, expressions !== null)}`}
      role={group ? "group" : undefined}
      aria-labelledby={group ? `${id}:label` : undefined}
      data-pointer={pointer}
      data-renderer={name}
    >
      {expressions ? (
        <ExpressionField props={props} own={value} heading={heading} tools={tools} expressions={expressions}>
          {control}
        </ExpressionField>
      ) : (
        <>
          <div className="field__label">
            <Label id={id} group={group}>
              {heading}
            </Label>
            {tools}
          </div>
          {control}
        </>
      )}
      {helpId && (
        <p id={helpId} className="field__help">
          {schema.description}
        </p>
      )}
      {!inner && <FieldMark pointer={pointer} />}
      {!inner && <Meeting path={path} label={field.label} />}
      {!inner && <Messages id={errorId} errors={complaints} />}
    </div>
  );
}, isSameRow);

function Label({ id, group, children }: { id: string; group: boolean; children: ReactNode }) {
  return group ? (
    <span id={`${id}:label`} className="grow">
      {children}
    </span>
  ) : (
    <label id={`${id}:label`} htmlFor={id} className="grow">
      {children}
    </label>
  );
}

function Heading({ field: { label, required } }: { field: Field }) {
  return (
    <>
      {label}
      {required && (
        <span className="field__required" title="Required">
          *<span className="unseen"> required</span>
        </span>
      )}
    </>
  );
}

interface ToolsProps {
  field: Field;
  path: Path;
  value: Json | undefined;
  disabled: boolean;
  /** A field that may be an expression is cleared there. */
  resets: boolean;
}

/** Gives up what does not pass, and goes back to the default. */
function Tools({ field: { label, schema }, path, value, disabled, resets }: ToolsProps) {
  const { target } = useForm();
  const draft = useDraft(path);
  const differs = value !== undefined && schema.default !== undefined && !equal(value, schema.default);
  return (
    <>
      {draft?.phase === "held" && (
        <button type="button" className="field__tool" onClick={() => revert(target, path)}>
          Discard
        </button>
      )}
      {differs && !disabled && resets && (
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
}

function isSameRow(before: FieldRowProps, after: FieldRowProps): boolean {
  return (
    before.field === after.field &&
    before.bare === after.bare &&
    before.inner === after.inner &&
    before.required === after.required &&
    equal(before.value, after.value) &&
    before.path.length === after.path.length &&
    before.path.every((step, index) => step === after.path[index])
  );
}
