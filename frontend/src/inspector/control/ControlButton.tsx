import { useState } from "react";

import type { JsonObject } from "../../core/types";
import type { Field } from "../../forms/schema/fields";
import { useReadable } from "../../live/hooks";
import { Icon } from "../../ui/Icon";
import { ConfirmPress } from "./ConfirmPress";
import { isDangerous, questionsOf } from "./fields";
import { useControlHost } from "./host";
import { PressedBy } from "./PressedBy";
import { usePressing } from "./usePressing";

interface ControlButtonProps {
  node: string;
  field: Field;
  /** The panel's inputs, which may ask before they go along. */
  inputs: readonly Field[];
  /** Called at the press: what goes along with it. */
  data: () => JsonObject;
}

/** A button of a running node: what became of the press, and who pressed last, stand beside it. */
export function ControlButton({ node, field, inputs, data }: ControlButtonProps) {
  const host = useControlHost();
  const last = useReadable(host.pressed(node))[field.name];
  const { phase, busy, reason, start } = usePressing(node);
  const [asking, setAsking] = useState<readonly string[] | null>(null);
  const press = (): void => start({ ...data(), [field.name]: true });
  const begin = (): void => {
    if (busy) return;
    const questions = questionsOf(field, inputs, data());
    if (questions.length > 0) setAsking(questions);
    else press();
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
