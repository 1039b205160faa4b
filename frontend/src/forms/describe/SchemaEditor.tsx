import { useState, useSyncExternalStore } from "react";

import { Form } from "../Form";
import { LocalTarget } from "../localTarget";
import { isObject, type Json, type JsonObject } from "../schema/types";
import { FIELD_LIST, toList, toSchema } from "./fieldList";
import { infer } from "./infer";
import "./describe.css";

const VIEWS = { fields: "Fields", example: "From an example", json: "JSON Schema" } as const;
type View = keyof typeof VIEWS;

const EXAMPLE = { title: "A message such as it comes" };
const SOURCE = { title: "JSON Schema", format: "json" };

interface SchemaEditorProps {
  /** Unique on the page. */
  name: string;
  /** What people have said so far; undefined: nothing. */
  said: JsonObject | undefined;
  /** Says it, or with undefined takes it back. Resolves with why it was refused, null once it is taken. */
  onSay: (schema: JsonObject | undefined) => Promise<string | null>;
  onClose: () => void;
}

/** What is in a message of which its component says nothing: as a list of fields, from an example, or as JSON Schema. */
export default function SchemaEditor({ name, said, onSay, onClose }: SchemaEditorProps) {
  const [list] = useState(
    () => new LocalTarget(`describe:${name}`, FIELD_LIST, toList(said) ?? { fields: [] }),
  );
  const [source] = useState(() => new LocalTarget(`source:${name}`, { type: "object" }, said));
  const [example] = useState(() => new LocalTarget(`example:${name}`, {}, undefined));
  const fields = useSyncExternalStore(list.subscribe, list.document);
  const text = useSyncExternalStore(source.subscribe, source.document);
  const shown = useSyncExternalStore(example.subscribe, example.document);
  const [view, setView] = useState<View>(toList(said) ? "fields" : "json");
  const [trouble, setTrouble] = useState<string | null>(null);

  /** What was written in one view is what the other one begins with. */
  const look = (next: View) => {
    if (next === "json" && view === "fields") source.replace(toSchema(fields));
    if (next === "fields" && view === "json") list.replace(toList(text) ?? list.document());
    setView(next);
  };
  const take = (value: Json | undefined) => {
    if (value === undefined) return;
    const schema = infer(value);
    source.replace(schema);
    const found = toList(schema);
    if (found) list.replace(found);
    setView(found ? "fields" : "json");
  };
  const save = async () => {
    const target = view === "json" ? source : list;
    if (await target.isWhole()) {
      return say(view === "json" ? target.document() : toSchema(target.document()));
    }
    setTrouble("Mend what is marked above first");
  };
  const say = async (schema: Json | undefined) => {
    if (schema !== undefined && !isObject(schema)) {
      setTrouble("A schema is an object");
      return;
    }
    const reason = await onSay(schema);
    setTrouble(reason);
    if (reason === null) onClose();
  };
  const unsayable = view === "fields" && toList(text) === null && said !== undefined;
  return (
    <div className="describe">
      <span className="segments" role="group" aria-label="How to describe it">
        {(Object.keys(VIEWS) as View[]).map((one) => (
          <button key={one} type="button" aria-pressed={view === one} onClick={() => look(one)}>
            {VIEWS[one]}
          </button>
        ))}
      </span>
      {unsayable && (
        <p className="form__note">The JSON Schema says more than fields can: saving these replaces it.</p>
      )}
      {view === "fields" && <Form schema={FIELD_LIST} value={fields} target={list} />}
      {view === "json" && <Form schema={SOURCE} value={text} target={source} />}
      {view === "example" && (
        <>
          <Form schema={EXAMPLE} value={shown} target={example} />
          <button type="button" className="btn" disabled={shown === undefined} onClick={() => take(shown)}>
            Make fields of it
          </button>
        </>
      )}
      {trouble !== null && (
        <p className="field__error is-error" role="alert">
          <i className="mark" aria-hidden="true" />
          <span>{trouble}</span>
        </p>
      )}
      <div className="describe__actions">
        <button
          type="button"
          className="btn btn--primary"
          disabled={view === "example"}
          onClick={() => void save()}
        >
          Save
        </button>
        <button type="button" className="btn" onClick={onClose}>
          Cancel
        </button>
        {said !== undefined && (
          <button type="button" className="btn btn--danger" onClick={() => void say(undefined)}>
            Say nothing
          </button>
        )}
      </div>
    </div>
  );
}
