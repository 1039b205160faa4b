import { useState } from "react";

import type { Field } from "../../forms/schema/fields";
import { useReadable } from "../../live/hooks";
import { Icon } from "../../ui/Icon";
import { ConfirmPress } from "./ConfirmPress";
import { isDangerous, questionsOf } from "./fields";
import { useControlHost } from "./host";
import { PressedBy } from "./PressedBy";
import type { Filled } from "./useControlTarget";
import { usePressing } from "./usePressing";

interface ControlButtonProps {
  node: string;
  field: Field;
  /** The panel's inputs, which may ask before they go along. */
  inputs: readonly Field[];
  filled: Filled;
}

/** A button of a running node: what became of the press, and who pressed last, stand beside it. */
export function ControlButton({ node, field, inputs, filled }: ControlButtonProps) {
  const host = useControlHost();
  const last = useReadable(host.pressed(node))[field.name];
  const { phase, busy, reason: failed, start } = usePressing(node);
  const [faulty, setFaulty] = useState(false);
  const reason = faulty ? "Correct what is marked above, then press again" : failed;
  const [asking, setAsking] = useState<readonly string[] | null>(null);
  const press = (): void => start({ ...filled.data(), [field.name]: true });
  const go = (): void => {
    const cannot = inputs.length > 0 && filled.faulty();
    setFaulty(cannot);
    if (cannot) return;
    const questions = questionsOf(field, inputs, filled.data());
    if (questions.length > 0) setAsking(questions);
    else press();
  };
  const begin = (): void => {
    if (busy) return;
    // The last field is looked at when the button takes the focus from it: what was typed there goes along too.
    const waiting = filled.settled();
    if (waiting === null) go();
    else void waiting.then(go);
  };
  const statusId = `control:${node}:${field.name}`;
  return (
    <div className="controlbutton">
      <button
        type="button"
        className={`btn ${isDangerous(field) ? "btn--danger" : ""}`}
        disabled={host.refusal !== null}
        aria-disabled={busy}
        aria-describedby={statusId}
        aria-haspopup={field.schema.confirm === undefined ? undefined : "dialog"}
        onClick={begin}
      >
        <span className="controlbutton__icon">
          {busy ? (
            <i className="mark is-working is-turning" aria-hidden="true" />
          ) : (
            <Icon name={phase === "done" ? "check" : iconFor(field.name)} />
          )}
        </span>
        {field.label}
      </button>
      <p id={statusId} className="controlbutton__status" role="status">
        {host.refusal !== null && host.refusal}
        {host.refusal === null && phase === "idle" && field.schema.description}
        {busy && (phase === "sending" ? "Sending" : "Waiting for the node")}
        {phase === "done" && <span className="is-ok controlbutton__done">Done</span>}
        {reason !== null && (
          <span className="is-error controlbutton__failed">
            <i className="mark" aria-hidden="true" />
            {reason}
          </span>
        )}
      </p>
      {reason !== null && (
        <button type="button" className="btn btn--s" onClick={begin}>
          Try again
          <span className="unseen"> to press {field.label}</span>
        </button>
      )}
      {last && <PressedBy last={last} />}
      {asking && (
        <ConfirmPress
          title={field.label}
          questions={asking}
          onConfirm={press}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}

function iconFor(name: string): "retry" | "signal" {
  return /reset|clear|restart/i.test(name) ? "retry" : "signal";
}
