import { useId, useState, type KeyboardEvent, type MouseEvent } from "react";

import type { WireEnds } from "../core/mappingTypes";
import type { LoadedEdge } from "../core/types";
import type { FormTarget } from "../forms/draft/submit";
import type { Expressions } from "../forms/expressions/types";
import { Form } from "../forms/Form";
import type { FieldError, Schema } from "../forms/schema/types";
import { RAW } from "../inspector/edge/mappingSchema";
import { VIEW_ONLY } from "../inspector/node/NodeInspector";
import { FormSecrets } from "../inspector/secrets/FormSecrets";
import { useCan } from "../live/hooks";
import { fieldAt, useCarrying } from "./carrying";
import { DeliveryForm } from "./DeliveryForm";
import { SameNames } from "./SameNames";

interface FieldsPaneProps {
  edge: LoadedEdge;
  schema: Schema;
  ends: WireEnds;
  expressions: Expressions;
  target: FormTarget;
  problems: readonly FieldError[];
}

const VIEWS = ["Fields", "JSON", "Delivery"] as const;

/** The mapping itself: the target's fields, each a literal or an expression. */
export function FieldsPane({ edge, schema, ends, expressions, target, problems }: FieldsPaneProps) {
  const id = useId();
  const { edit } = useCan();
  const carrying = useCarrying();
  const [view, setView] = useState<(typeof VIEWS)[number]>("Fields");
  const readOnly = edit ? null : VIEW_ONLY;

  const put = (event: KeyboardEvent | MouseEvent): void => {
    const field = event.target instanceof Element ? fieldAt(event.target) : null;
    const pointer = field?.dataset["pointer"];
    if (carrying.path === null || pointer === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    carrying.put(carrying.path, pointer);
  };
  return (
    <section className="mapping__pane" aria-labelledby={id}>
      <header className="mapping__head">
        <h3 id={id}>Mapping</h3>
        {edit && view === "Fields" && <SameNames edge={edge} ends={ends} />}
        <span className="segments" role="group" aria-label="View of the mapping">
          {VIEWS.map((one) => (
            <button key={one} type="button" aria-pressed={view === one} onClick={() => setView(one)}>
              {one}
            </button>
          ))}
        </span>
      </header>
      <div
        className="mapping__scroll mapping__fields"
        onClickCapture={put}
        onKeyDownCapture={(event) => event.key === "Enter" && put(event)}
      >
        {carrying.path !== null && (
          <p className="mapping__hint">
            <code>{carrying.path}</code> goes to the field that you click, or on which you press Enter.
          </p>
        )}
        {view === "Delivery" ? (
          <DeliveryForm edge={edge} readOnly={readOnly} />
        ) : view === "JSON" ? (
          <Form schema={RAW} value={edge.mapping} target={target} readOnly={readOnly} />
        ) : (
          <FormSecrets suggested={edge.target_port}>
            <Form
              schema={schema}
              value={edge.mapping}
              target={target}
              readOnly={readOnly}
              problems={problems}
              expressions={expressions}
            />
          </FormSecrets>
        )}
      </div>
    </section>
  );
}
