import { useMemo, useState } from "react";
import type { Json } from "../core/types";
import { AsJson } from "../forms/AsJson";
import { Form } from "../forms/Form";
import { isObject, type Schema } from "../forms/schema/types";
import { usePorts } from "../live/hooks";
import { messageTarget, written } from "./messageTarget";
import { placeOf } from "./parts";

const ANYTHING: Schema = { title: "Message" };

interface MessageFormProps {
  /** Names the form's drafts. */
  name: string;
  /** Whose schema the message has; undefined: it has none. */
  at: string | undefined;
  value: Json;
  /** Only what is named counts: nothing is required. */
  partial: boolean;
  /** Why it cannot be edited; null when it can. */
  readOnly: string | null;
  read: () => Json | undefined;
  write: (message: Json) => Promise<void>;
}

/** One message: in the form of its port's schema, or as JSON. */
export function MessageForm({ name, at, value, partial, readOnly, read, write }: MessageFormProps) {
  const { node, port } = placeOf(at);
  const known = usePorts(node).find((one) => one.name === port)?.schema;
  const schema = useMemo(
    () => (isObject(known) ? written(known as Schema, partial) : ANYTHING),
    [known, partial],
  );
  const formed = schema.properties !== undefined && isObject(value);
  const [json, setJson] = useState(false);
  const used = formed && !json ? schema : ANYTHING;
  const target = useMemo(
    () => messageTarget(`${name}:${String(used === ANYTHING)}`, used, read, write),
    [name, used, read, write],
  );
  return (
    <div className="stack">
      {(partial || formed) && (
        <p className="line">
          <span className="small muted grow">
            {partial ? "What is named here has to be equal; all else is free." : "The message"}
          </span>
          {formed && <AsJson pressed={json} onPress={setJson} />}
        </p>
      )}
      <Form key={target.key} schema={used} value={value} target={target} readOnly={readOnly} />
    </div>
  );
}
