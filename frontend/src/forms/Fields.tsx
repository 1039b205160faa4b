import { useId, useMemo, useState, useSyncExternalStore, type KeyboardEvent } from "react";

import { FieldRow } from "./FieldRow";
import { useForm } from "./FormContext";
import { MapControl } from "./controls/MapControl";
import { inForce } from "./schema/conditions";
import { fieldOf, fieldsOf, standingOf, tabsOf, type Field, type Tab } from "./schema/fields";
import { isReadonly, takesMore } from "./schema/kinds";
import { equal, getAt, toPointer } from "./schema/pointer";
import { isObject, type Json, type Path, type Resolved } from "./schema/types";
import { useGrowing } from "./useGrowing";

interface FieldsProps {
  schema: Resolved;
  path: Path;
  value: Json | undefined;
}

/** The fields of an object: those without a tab first, then the tabs. */
export function Fields({ schema, path, value }: FieldsProps) {
  const { root } = useForm();
  const object = useInForce(schema, value);
  const [plain, ...tabs] = useMemo(() => tabsOf(fieldsOf(object, root)), [object, root]);
  return (
    <>
      {!!plain?.fields.length && (
        <FieldGrid object={object} fields={plain.fields} path={path} value={value} />
      )}
      {!!tabs.length && <FieldTabs object={object} tabs={tabs} path={path} value={value} />}
      <FurtherFields object={object} path={path} value={value} />
    </>
  );
}

/** The schema with what the value calls for; the same object as long as that is the same. */
function useInForce(schema: Resolved, value: Json | undefined): Resolved {
  const { root } = useForm();
  const next = inForce(schema, value, root);
  const [kept, setKept] = useState(next);
  if (next === kept || equal(next as Json, kept as Json)) return kept;
  setKept(next);
  return next;
}

/** Names that the object does not declare: asked for by its schema, or already there. */
function FurtherFields({ object, path, value }: { object: Resolved; path: Path; value: Json | undefined }) {
  const { id, readOnly } = useForm();
  const field = useMemo(() => fieldOf("", { ...object, title: "Further fields" }), [object]);
  const offered = isObject(object.additionalProperties) || object.patternProperties !== undefined;
  const declared = object.properties ?? {};
  const held = isObject(value) && Object.keys(value).some((name) => !Object.hasOwn(declared, name));
  if (!offered && !(held && takesMore(object))) return null;
  const name = `${id}${toPointer(path)}:more`;
  const disabled = readOnly !== null || isReadonly(object);
  return (
    <div className="further" role="group" aria-label={field.label}>
      <p className="field__label">{field.label}</p>
      <MapControl {...{ id: name, field, path, value, disabled }} invalid={false} describedBy={undefined} />
    </div>
  );
}

interface FieldsIn {
  /** The object that holds them, with what its value brings into force. */
  object: Resolved;
  path: Path;
  value: Json | undefined;
}

/** So many fields are there at once; the others of a long form follow, and are laid out when they are scrolled to. */
const AT_ONCE = 40;

interface FieldGridProps extends FieldsIn {
  fields: Field[];
}

function FieldGrid({ object, fields, path, value }: FieldGridProps) {
  const { expressions } = useForm();
  const shown = useGrowing(fields.length, AT_ONCE);
  return (
    <div className={`form__grid ${fields.length > AT_ONCE ? "form__grid--long" : ""}`}>
      {fields.slice(0, shown).map((field) => {
        const standing = standingOf(field, object, value);
        // What a mapping's expressions will give is not known here.
        if (!standing.shown && !expressions) return null;
        return (
          <FieldRow
            key={field.name}
            field={field}
            path={[...path, field.name]}
            value={getAt(value, [field.name])}
            required={standing.required}
          />
        );
      })}
    </div>
  );
}

interface FieldTabsProps extends FieldsIn {
  tabs: Tab[];
}

function FieldTabs({ object, tabs, path, value }: FieldTabsProps) {
  const [open, setOpen] = useState("");
  const id = useId();
  const current = tabs.find(({ title }) => title === open) ?? tabs[0];
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || !current) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(current) + step + tabs.length) % tabs.length];
    setOpen(next?.title ?? "");
    const buttons = event.currentTarget.querySelectorAll<HTMLButtonElement>("[role=tab]");
    buttons[next ? tabs.indexOf(next) : 0]?.focus();
  };
  if (!current) return null;
  return (
    <div className="form__tabs">
      <div className="form__tablist" role="tablist" onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.title}
            type="button"
            role="tab"
            id={`${id}:${tab.title}`}
            aria-selected={tab === current}
            aria-controls={`${id}:panel`}
            tabIndex={tab === current ? 0 : -1}
            onClick={() => setOpen(tab.title)}
          >
            {tab.title}
            <Trouble fields={tab.fields} path={path} />
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}:panel`} aria-labelledby={`${id}:${current.title}`}>
        <FieldGrid key={current.title} object={object} fields={current.fields} path={path} value={value} />
      </div>
    </div>
  );
}

/** Marks a tab in which something is wrong. */
function Trouble({ fields, path }: { fields: Field[]; path: Path }) {
  const { complaints } = useForm();
  const pointers = useMemo(() => fields.map(({ name }) => toPointer([...path, name])), [fields, path]);
  const wrong = useSyncExternalStore(complaints.subscribe, () => complaints.isWrong(pointers));
  if (!wrong) return null;
  return (
    <span className="is-error">
      <i className="mark" aria-hidden="true" />
      <span className="unseen">has a problem</span>
    </span>
  );
}
