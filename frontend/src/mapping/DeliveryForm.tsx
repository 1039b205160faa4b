import { useMemo } from "react";

import type { LoadedEdge } from "../core/types";
import type { FormTarget } from "../forms/draft/submit";
import { Form } from "../forms/Form";
import { equal, setAt, toPointer } from "../forms/schema/pointer";
import { isObject } from "../forms/schema/types";
import { validator } from "../forms/validator/client";
import { drafts } from "../inspector/drafts";
import { verdict } from "../inspector/verdict";
import { useEditor } from "../live/hooks";
import { DELIVERY, deliveryDocument, deliveryOf, inWords } from "./deliverySchema";

const LABEL = "Set timeout and retries";

/** How long an attempt to hand a message over may take, and how often it is made. */
export function DeliveryForm({ edge, readOnly }: { edge: LoadedEdge; readOnly: string | null }) {
  const editor = useEditor();
  const target = useMemo((): FormTarget => {
    const key = `delivery:${edge.id}`;
    const document = () => deliveryDocument(editor.graph.edges.get(edge.id) ?? {});
    return {
      key,
      drafts,
      document,
      check: (value, topic) => validator.check(`${key}#${topic}`, DELIVERY, value ?? {}),
      send: async (path, value) => {
        const next = setAt(document(), path, value);
        if (!isObject(next)) return [];
        const delivery = deliveryOf(next);
        editor.apply([{ op: "set_delivery", id: edge.id, ...delivery }], {
          label: LABEL,
          merge: key + toPointer(path),
        });
        const reason = await verdict(editor, {
          id: edge.id,
          label: LABEL,
          stands: () => equal(document(), deliveryDocument(delivery)),
        });
        return reason === null ? [] : [{ pointer: toPointer(path), message: reason }];
      },
    };
  }, [editor, edge.id]);
  return (
    <>
      <p className="mapping__words" role="status">
        {inWords(edge)}
      </p>
      <Form schema={DELIVERY} value={deliveryDocument(edge)} target={target} readOnly={readOnly} />
    </>
  );
}
