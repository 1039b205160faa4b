import { useEffect, useState } from "react";

import type { Press } from "../../core/editorTypes";
import type { JsonObject } from "../../core/types";
import type { Field } from "../../forms/schema/fields";
import { useCan, useEditor, usePress } from "../../live/hooks";
import { Icon } from "../../ui/Icon";

/** How long "Done" stays; milliseconds. */
const DONE_FOR = 2_000;

interface ControlButtonProps {
  node: string;
  field: Field;
  /** Called at the press: what goes along with it. */
  data: () => JsonObject;
}

/** A button of a running node: what became of the press stands beside it. */
export function ControlButton({ node, field, data }: ControlButtonProps) {
  const editor = useEditor();
  const can = useCan();
  const [press, setPress] = useState<Press | null>(null);
  const state = usePress(press);
  const phase = state?.phase ?? "idle";
  const busy = phase === "sending" || phase === "pending";

  useEffect(() => {
    if (phase !== "done") return;
    const timer = setTimeout(() => setPress(null), DONE_FOR);
    return () => clearTimeout(timer);
  }, [phase]);

  const statusId = `control:${node}:${field.name}`;
  return (
    <div className="controlbutton">
      <button
        type="button"
        className={`btn ${/reset|delete|clear|stop/i.test(field.name) ? "btn--danger" : ""}`}
        disabled={!can.control}
        aria-disabled={busy}
        aria-describedby={statusId}
        onClick={() => {
          if (!busy) setPress(editor.press(node, { ...data(), [field.name]: true }));
        }}
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
        {!can.control && "You may look at this node, not control it"}
        {can.control && phase === "idle" && field.schema.description}
        {busy && (phase === "sending" ? "Sending" : "Waiting for the node")}
        {phase === "done" && <span className="is-ok controlbutton__done">Done</span>}
        {phase === "failed" && (
          <span className="is-error controlbutton__failed">
            <i className="mark" aria-hidden="true" />
            {state?.problem?.message ?? "The node did not say why it failed"}
          </span>
        )}
      </p>
    </div>
  );
}

function iconFor(name: string): "retry" | "signal" {
  return /reset|clear|restart/i.test(name) ? "retry" : "signal";
}
