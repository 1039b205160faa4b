import { useState } from "react";
import type { Json } from "../../core/types";
import { useFlow } from "../../live/hooks";
import { CopyButton } from "../../ui/CopyButton";
import { Icon } from "../../ui/Icon";
import { EditField } from "./EditField";
import { readField, type StateField } from "./stateApi";
import { typeText } from "./words";

interface FieldRowProps {
  node: string;
  field: StateField;
  editable: boolean;
  onStored: () => void;
}

/** One field: name, type, value; a long one short until it is asked for. */
export function FieldRow({ node, field, editable, onStored }: FieldRowProps) {
  const flow = useFlow().id;
  const [editing, setEditing] = useState<StateField | null>(null);
  const [whole, setWhole] = useState<StateField | null>(null);
  const [failure, setFailure] = useState("");
  // What was read whole is of another time once the short form is another.
  const shown = whole !== null && whole.digest === field.digest ? whole : field;
  const read = async (): Promise<StateField | null> => {
    try {
      setFailure("");
      const found = await readField(flow, node, field.name);
      setWhole(found);
      return found;
    } catch (error) {
      setFailure(error instanceof Error ? error.message : "The value cannot be read.");
      return null;
    }
  };
  const edit = async (): Promise<void> => {
    const found = field.cut ? await read() : field;
    if (found && !found.cut) setEditing(found);
    else if (found) setFailure("The value is too large to be edited here.");
  };
  return (
    <section className="nodestate__field" aria-label={field.title}>
      <p className="field__label">
        <span className="strong clip" title={`status.metadata: ${field.key}`}>
          {field.title}
        </span>
        <span className="muted grow clip">{field.secret ? "secret" : typeText(field.schema)}</span>
        {field.cut && whole === null && (
          <button type="button" className="btn btn--plain btn--s" onClick={() => void read()}>
            Show all
          </button>
        )}
        {!field.secret && shown.value !== undefined && (
          <CopyButton text={() => JSON.stringify(shown.value, null, 2)} label="Copy" />
        )}
        {editable && !editing && (
          <button
            type="button"
            className="btn btn--plain btn--s btn--icon"
            aria-label={`Edit ${field.title}`}
            title="Edit"
            onClick={() => void edit()}
          >
            <Icon name="edit" />
          </button>
        )}
      </p>
      {editing ? (
        <EditField
          node={node}
          field={editing}
          now={field}
          onClose={() => setEditing(null)}
          onStored={() => {
            setEditing(null);
            setWhole(null);
            onStored();
          }}
        />
      ) : (
        <Value field={shown} />
      )}
      {failure !== "" && <p className="nodestate__failure small">{failure}</p>}
    </section>
  );
}

function Value({ field }: { field: StateField }) {
  if (field.secret) return <p className="nodestate__value">{field.set ? "Set" : "Not set"}</p>;
  if (field.cut) {
    const kib = Math.ceil((field.bytes ?? 0) / 1024);
    return (
      <>
        <pre className="json nodestate__json" tabIndex={0} aria-label={`${field.title}, its beginning`}>
          {field.beginning} …
        </pre>
        <p className="small muted">The beginning of {kib} KiB.</p>
      </>
    );
  }
  const { value } = field;
  if (typeof value === "object" && value !== null && Object.keys(value).length > 0) {
    return (
      <pre className="json nodestate__json" tabIndex={0} aria-label={field.title}>
        {JSON.stringify(value, null, 2)}
      </pre>
    );
  }
  return <p className="nodestate__value num">{plain(value)}</p>;
}

function plain(value: Json | undefined): string {
  if (value === undefined || value === null) return "nothing";
  if (value === "") return "an empty text";
  return typeof value === "string" ? value : JSON.stringify(value);
}
