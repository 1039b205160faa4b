import { useMemo, useState } from "react";

import type { LoadedEdge, Port } from "../../core/types";
import type { Expressions } from "../../forms/expressions/types";
import { Form } from "../../forms/Form";
import { resolve } from "../../forms/schema/resolve";
import { asSchema, type Schema } from "../../forms/schema/types";
import { useMappingTarget } from "./useMappingTarget";

/** What a target without a schema takes: any fields, named by whoever draws the wire. */
const ANYTHING: Schema = { type: "object", title: "Fields", additionalProperties: {} };
/** The raw view: the document as it is. */
const RAW: Schema = { title: "Mapping as JSON" };

interface MappingFormProps {
  edge: LoadedEdge;
  source: Port | undefined;
  target: Port | undefined;
  /** The source in words, e.g. `Visits: value`. */
  from: string;
  readOnly: string | null;
}

/** The target's fields, each a literal or an expression over the source's message. */
export function MappingForm({ edge, source, target, from, readOnly }: MappingFormProps) {
  const [raw, setRaw] = useState(false);
  const schema = useMemo(() => {
    const declared = asSchema(target?.schema);
    return Object.keys(resolve(declared, declared).properties ?? {}).length ? declared : ANYTHING;
  }, [target?.schema]);
  const expressions = useMemo((): Expressions => {
    const root = asSchema(source?.schema);
    return { source: resolve(root, root), root, from };
  }, [source?.schema, from]);
  const bound = useMappingTarget(edge.id, schema, expressions);
  return (
    <section aria-label="Mapping" className="stack mapping">
      <div className="line">
        <h3 className="grow">Mapping</h3>
        <span className="segments" role="group" aria-label="View of the mapping">
          <button type="button" aria-pressed={!raw} onClick={() => setRaw(false)}>
            Form
          </button>
          <button type="button" aria-pressed={raw} onClick={() => setRaw(true)}>
            JSON
          </button>
        </span>
      </div>
      {raw ? (
        <Form key={`${edge.id}:raw`} schema={RAW} value={edge.mapping} target={bound} readOnly={readOnly} />
      ) : (
        <Form
          key={edge.id}
          schema={schema}
          value={edge.mapping}
          target={bound}
          readOnly={readOnly}
          expressions={expressions}
        />
      )}
    </section>
  );
}
