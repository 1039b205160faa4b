import { useMemo, useState } from "react";

import type { Field } from "../../forms/schema/fields";
import { asSchema } from "../../forms/schema/types";
import { ConfirmPress } from "./ConfirmPress";
import { EditorControls } from "./EditorControls";
import { controlFields, isDangerous, questionsOf } from "./fields";
import { useControlHost } from "./host";
import { usePressing } from "./usePressing";
import { usePorts, useSelection } from "../../live/hooks";

/** Buttons below a selected card: those that matter most; the panel has all. */
const MOST = 2;

/** The buttons that a node's author wants to have at hand (`card` in the schema), below its card while it is selected. */
export default function CardControls({ id }: { id: string }) {
  const control = usePorts(id).find(({ name }) => name === "_control");
  const buttons = useMemo(
    () =>
      controlFields(asSchema(control?.schema))
        .buttons.filter(({ schema }) => schema.card === true)
        .slice(0, MOST),
    [control?.schema],
  );
  // Many selected cards are moved, not pressed.
  const { nodes } = useSelection();
  if (buttons.length === 0 || nodes.size !== 1) return null;
  return (
    <EditorControls node={id}>
      <div className="card__controls nodrag nopan">
        {buttons.map((field) => (
          <CardButton key={field.name} node={id} field={field} />
        ))}
      </div>
    </EditorControls>
  );
}

const SAYS = { idle: "", sending: " …", pending: " …", done: " ✓", failed: " !" } as const;

function CardButton({ node, field }: { node: string; field: Field }) {
  const host = useControlHost();
  const { phase, busy, reason, start } = usePressing(node);
  const [asking, setAsking] = useState<readonly string[] | null>(null);
  const press = (): void => start({ [field.name]: true });
  const begin = (): void => {
    if (busy) return;
    const questions = questionsOf(field, [], {});
    if (questions.length > 0) setAsking(questions);
    else press();
  };
  return (
    <>
      <button
        type="button"
        className={`btn btn--s ${isDangerous(field) || reason !== null ? "btn--danger" : ""}`}
        disabled={host.refusal !== null}
        aria-disabled={busy}
        aria-label={reason === null ? field.label : `${field.label}: ${reason}. Press to try again`}
        title={reason ?? host.refusal ?? field.schema.description ?? field.label}
        onClick={begin}
      >
        <span className="clip">{field.label}</span>
        {SAYS[phase]}
      </button>
      {asking && (
        <ConfirmPress
          title={field.label}
          questions={asking}
          onConfirm={press}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}
