import { useMemo } from "react";

import type { NodeLive } from "../../core/types";
import { Form } from "../../forms/Form";
import type { Field } from "../../forms/schema/fields";
import type { Json, Schema } from "../../forms/schema/types";
import "../facts.css";
import "./control.css";
import { ControlButton } from "./ControlButton";
import { controlFields } from "./fields";
import { readable } from "./format";
import { History } from "./History";
import { useControlHost } from "./host";
import { Reading } from "./Reading";
import { useControlTarget } from "./useControlTarget";

interface ControlBodyProps {
  node: string;
  /** Of the node's `_control` port. */
  schema: Schema;
  live: NodeLive | undefined;
}

/** A running node: its live values, updated in place, what can be sent to it, and its buttons. */
export function ControlBody({ node, schema, live }: ControlBodyProps) {
  const host = useControlHost();
  const { readings, facts, lists, inputs, inputSchema, buttons } = useMemo(
    () => controlFields(schema),
    [schema],
  );
  const { target, value, filled } = useControlTarget(node, inputSchema);
  const values = live?.control ?? {};
  return (
    <>
      {readings.map((field) => (
        <Reading key={field.name} node={node} field={field} value={values[field.name]} />
      ))}
      {!!facts.length && (
        <dl className="facts">
          {facts.map((field) => (
            <Fact key={field.name} field={field} value={values[field.name]} />
          ))}
        </dl>
      )}
      {lists.map((field) => (
        <History key={field.name} field={field} value={values[field.name]} root={schema} />
      ))}
      {!!inputs.length && (
        <Form
          key={node}
          schema={inputSchema}
          value={value}
          target={target}
          patient
          readOnly={host.refusal === null ? null : `${host.refusal}.`}
        />
      )}
      {buttons.map((field) => (
        <ControlButton
          key={`${node}:${field.name}`}
          node={node}
          field={field}
          inputs={inputs}
          filled={filled}
        />
      ))}
    </>
  );
}

function Fact({ field, value }: { field: Field; value: Json | undefined }) {
  const text = readable(value, field.schema);
  return (
    <>
      <dt title={field.schema.description}>{field.label}</dt>
      <dd className="clip" title={text}>
        {text}
      </dd>
    </>
  );
}
