import { useMemo, useState } from "react";

import { Icon } from "../../ui/Icon";
import { submit } from "../draft/submit";
import { FieldRow } from "../FieldRow";
import { useForm, type ControlProps } from "../FormContext";
import { blank } from "../schema/blank";
import { entryOf, fieldOf, type Field } from "../schema/fields";
import { isObject, type Json, type Path } from "../schema/types";
import { useMore } from "../useGrowing";
import { useValueDraft } from "../useValueDraft";
import { MapKey } from "./MapKey";
import { useNumbered } from "./useNumbered";

/** Names that people choose, each with a value. Of an object that declares fields, the names beside those. */
export function MapControl({ id, path, field, value, disabled }: ControlProps) {
  const { expressions, root, target } = useForm();
  const draft = useValueDraft(path, value);
  const [adding, setAdding] = useState(false);
  const [shown, more] = useMore();
  const { schema } = field;
  const declared = schema.properties ?? {};
  const all = isObject(draft.value) ? Object.entries(draft.value) : [];
  const entries = all.filter(([name]) => !Object.hasOwn(declared, name));
  const item = useMemo(() => fieldOf("value", entryOf(schema, root)), [schema, root]);
  const taken = new Set([...all.map(([name]) => name), ...Object.keys(declared)]);
  const full = all.length >= (schema.maxProperties ?? Infinity);

  const replace = (next: [string, Json][], place: (name: string) => string | null) => {
    target.drafts.rename(target.key, path, (step) => place(String(step)));
    void submit(target, path, Object.fromEntries(next));
  };
  const rename = (from: string, to: string) =>
    replace(
      all.map(([name, held]) => [name === from ? to : name, held]),
      (name) => (name === from ? to : name),
    );
  const remove = (gone: string) =>
    replace(
      all.filter(([name]) => name !== gone),
      (name) => (name === gone ? null : name),
    );

  return (
    <div className="list">
      {!entries.length && !adding && <p className="list__empty">Empty</p>}
      <ul>
        {entries.slice(0, shown).map(([name, held]) => (
          <li key={name} className="list__item list__item--map">
            <MapKey
              name={name}
              label={`Name of ${name}`}
              taken={taken}
              disabled={disabled}
              onRename={(to) => rename(name, to)}
            />
            <Entry item={item} name={name} path={path} value={held} />
            {!disabled && (
              <span className="list__tools">
                <button type="button" aria-label={`Remove ${name}`} onClick={() => remove(name)}>
                  <Icon name="close" size="s" />
                </button>
              </span>
            )}
          </li>
        ))}
        {adding && (
          <li className="list__item list__item--map">
            <MapKey
              name=""
              label="Name of the new entry"
              taken={taken}
              disabled={false}
              onRename={(name) => {
                setAdding(false);
                replace([...all, [name, expressions ? "" : blank(item.schema, root)]], (step) => step);
              }}
              onGiveUp={() => setAdding(false)}
            />
          </li>
        )}
      </ul>
      {entries.length > shown && (
        <button type="button" className="btn btn--s" onClick={more}>
          Show more ({entries.length - shown} hidden)<span className="unseen"> of {field.label}</span>
        </button>
      )}
      {!disabled && !adding && (
        <button id={id} type="button" className="btn btn--s" disabled={full} onClick={() => setAdding(true)}>
          <Icon name="plus" />
          Add entry
          <span className="unseen"> to {field.label}</span>
        </button>
      )}
    </div>
  );
}

function Entry({ item, name, path, value }: { item: Field; name: string; path: Path; value: Json }) {
  const named = useNumbered(item, name);
  return <FieldRow field={named} path={[...path, name]} value={value} />;
}
