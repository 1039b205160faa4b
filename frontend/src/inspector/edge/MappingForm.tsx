import { useMemo, useState } from "react";

import { keyFor } from "../../actions/registry";
import { useOpenPanel } from "../../actions/context";
import type { LoadedEdge, Port } from "../../core/types";
import { Form } from "../../forms/Form";
import { useReadable } from "../../live/hooks";
import { Icon } from "../../ui/Icon";
import { FormSecrets } from "../secrets/FormSecrets";
import { largeIsOpen } from "./large";
import { mappingSchema, RAW } from "./mappingSchema";
import { useExpressions } from "./useExpressions";
import { useMappingTarget } from "./useMappingTarget";

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
  const open = useOpenPanel();
  const large = useReadable(largeIsOpen);
  const schema = useMemo(() => mappingSchema(target?.schema), [target?.schema]);
  const expressions = useExpressions(edge.id, source?.schema, from);
  const bound = useMappingTarget(edge.id, schema, expressions);
  return (
    <section aria-label="Mapping of the wire" className="stack mapping">
      <div className="line">
        <h3 className="grow">Mapping</h3>
        <button
          type="button"
          className="btn btn--plain btn--s"
          title={`Source, mapping and result side by side (${keyFor("mapping.open")})`}
          aria-pressed={large}
          onClick={() => open("mapping")}
        >
          <Icon name="braces" size="s" />
          Open large
        </button>
        {!large && (
          <span className="segments" role="group" aria-label="View of the mapping">
            <button type="button" aria-pressed={!raw} onClick={() => setRaw(false)}>
              Form
            </button>
            <button type="button" aria-pressed={raw} onClick={() => setRaw(true)}>
              JSON
            </button>
          </span>
        )}
      </div>
      {large ? (
        <p className="note">The mapping is open below the canvas.</p>
      ) : raw ? (
        <Form key={`${edge.id}:raw`} schema={RAW} value={edge.mapping} target={bound} readOnly={readOnly} />
      ) : (
        <FormSecrets suggested={edge.target_port}>
          <Form
            key={edge.id}
            schema={schema}
            value={edge.mapping}
            target={bound}
            readOnly={readOnly}
            expressions={expressions}
          />
        </FormSecrets>
      )}
    </section>
  );
}
