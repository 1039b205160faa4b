import { useId, useMemo, useState, useSyncExternalStore, type KeyboardEvent } from "react";

import { FieldRow } from "./FieldRow";
import { useForm } from "./FormContext";
import { fieldsOf, tabsOf, type Field } from "./schema/fields";
import { getAt, toPointer } from "./schema/pointer";
import type { Json, Path, Resolved } from "./schema/types";
import { useGrowing } from "./useGrowing";

interface FieldsProps {
  schema: Resolved;
  path: Path;
  value: Json | undefined;
}

/** The fields of an object: those without a tab first, then the tabs. */
export function Fields({ schema, path, value }: FieldsProps) {
  const { root } = useForm();
  const [plain, ...tabs] = useMemo(() => tabsOf(fieldsOf(schema, root)), [schema, root]);
  return (
    <>
      {!!plain?.fields.length && <FieldGrid fields={plain.fields} path={path} value={value} />}
      {!!tabs.length && <FieldTabs tabs={tabs} path={path} value={value} />}
    </>
  );
}

/** So many fields are there at once; the others of a long form follow, and are laid out when they are scrolled to. */
const AT_ONCE = 40;

function FieldGrid({ fields, path, value }: { fields: Field[]; path: Path; value: Json | undefined }) {
  const shown = useGrowing(fields.length, AT_ONCE);
  return (
    <div className={`form__grid ${fields.length > AT_ONCE ? "form__grid--long" : ""}`}>
      {fields.slice(0, shown).map((field) => (
        <FieldRow
          key={field.name}
          field={field}
          path={[...path, field.name]}
          value={getAt(value, [field.name])}
        />
      ))}
    </div>
  );
}

interface FieldTabsProps {
  tabs: { title: string; fields: Field[] }[];
  path: Path;
  value: Json | undefined;
}

function FieldTabs({ tabs, path, value }: FieldTabsProps) {
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
        <FieldGrid key={current.title} fields={current.fields} path={path} value={value} />
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
