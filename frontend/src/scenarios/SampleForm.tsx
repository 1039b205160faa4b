import { useMemo, useState } from "react";
import { AsJson } from "../forms/AsJson";
import { Form } from "../forms/Form";
import { isObject, type Schema } from "../forms/schema/types";
import { useCan, useEditor, usePorts } from "../live/hooks";
import { Icon } from "../ui/Icon";
import { scenarioTarget } from "./scenarioTarget";
import type { Scenarios } from "./store";
import type { Sample } from "./types";

const ANYTHING: Schema = { title: "Message" };

interface SampleFormProps {
  store: Scenarios;
  scenario: string;
  sample: Sample;
  /** What the node is called. */
  name: string;
  onDelete: () => void;
}

/** One message: in the form of its port's schema, or as JSON. */
export function SampleForm({ store, scenario, sample, name, onDelete }: SampleFormProps) {
  const editor = useEditor();
  const can = useCan();
  const { node, port } = sample;
  const ports = usePorts(node);
  const known = ports.find((one) => one.name === port)?.schema;
  const schema = useMemo(() => (isObject(known) ? editable(known as Schema) : ANYTHING), [known]);
  const formed = schema !== ANYTHING && isObject(sample.data);
  const [json, setJson] = useState(false);
  const used = formed && !json ? schema : ANYTHING;
  const target = useMemo(
    () => scenarioTarget(store, scenario, { node, port }, used),
    [store, scenario, node, port, used],
  );
  return (
    <>
      <p className="line">
        <button
          type="button"
          className="btn btn--plain btn--s clip"
          title="Go to the node"
          onClick={() => editor.reveal(node)}
        >
          <Icon name="right" size="s" />
          <span className="clip">
            {name} · {port}
          </span>
        </button>
        <span className="grow" />
        {formed && <AsJson pressed={json} onPress={setJson} />}
        {can.edit && (
          <button type="button" className="btn btn--plain btn--s" onClick={onDelete}>
            <Icon name="trash" size="s" />
            Leave out
          </button>
        )}
      </p>
      <Form
        key={`${node}:${port}:${String(formed && !json)}`}
        schema={used}
        value={sample.data}
        target={target}
        readOnly={can.edit ? null : "You may look at this scenario and use it, not change it."}
      />
    </>
  );
}

/** A message is what a node sent: that its fields are readonly in a panel does not keep a sample from being edited. */
function editable(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === "readonly" || key === "readOnly" ? undefined : value,
  ) as Schema;
}
