import { useMemo } from "react";

import type { FlowNode, NodeLive, Port } from "../../core/types";
import { Form } from "../../forms/Form";
import { fieldsOf, type Field } from "../../forms/schema/fields";
import { isButton, isList, isReadonly } from "../../forms/schema/kinds";
import { resolve } from "../../forms/schema/resolve";
import { asSchema, type Json, type Schema } from "../../forms/schema/types";
import { useCan } from "../../live/hooks";
import { StatePill } from "../node/NodeState";
import "./control.css";
import { ControlButton } from "./ControlButton";
import { readable } from "./format";
import { History } from "./History";
import { Reading } from "./Reading";
import { useControlTarget } from "./useControlTarget";

interface ControlPanelProps {
  node: FlowNode;
  port: Port;
  live: NodeLive | undefined;
}

/** The running node: its live values, updated in place, and its buttons. Made from the `_control` port's schema. */
export function ControlPanel({ node, port, live }: ControlPanelProps) {
  const can = useCan();
  const schema = useMemo(() => asSchema(port.schema), [port.schema]);
  const { readings, facts, lists, inputs, buttons } = useMemo(() => sort(schema), [schema]);
  const { target, value } = useControlTarget(node.id, inputs);
  const values = live?.control ?? {};
  return (
    <section className="control" aria-label="Control">
      <header className="control__head">
        <h3 className="grow">Control</h3>
        <StatePill live={live} />
      </header>
      {readings.map((field) => (
        <Reading key={field.name} field={field} value={values[field.name]} />
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
      {!!Object.keys(inputs.properties ?? {}).length && (
        <Form
          key={node.id}
          schema={inputs}
          value={value}
          target={target}
          readOnly={can.control ? null : "You may look at this node, not control it."}
        />
      )}
      {buttons.map((field) => (
        <ControlButton key={`${node.id}:${field.name}`} node={node.id} field={field} data={() => value} />
      ))}
    </section>
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

interface Sorted {
  readings: Field[];
  facts: Field[];
  lists: Field[];
  /** The schema of what can be typed in. */
  inputs: Schema;
  buttons: Field[];
}

/** What each field of the control is there for: the first live value stands large, the other ones below it. */
function sort(schema: Schema): Sorted {
  const root = resolve(schema, schema);
  const fields = fieldsOf(root, schema);
  const buttons = fields.filter((field) => isButton(field.schema));
  const live = fields.filter((field) => !isButton(field.schema) && isReadonly(field.schema));
  const lists = live.filter((field) => isList(field.schema));
  const scalars = live.filter((field) => !isList(field.schema));
  const typed = new Set(
    fields.filter((field) => !buttons.includes(field) && !live.includes(field)).map(({ name }) => name),
  );
  const properties = Object.fromEntries(
    Object.entries(root.properties ?? {}).filter(([name]) => typed.has(name)),
  );
  const required = root.required?.filter((name) => typed.has(name));
  return {
    readings: scalars.slice(0, 1),
    facts: scalars.slice(1),
    lists,
    inputs: { type: "object", $defs: schema.$defs ?? {}, properties, required: required ?? [] },
    buttons,
  };
}
