import { useEffect, useState } from "react";
import type { FlowRef } from "../core/types";
import { moveSelected, shareSelected } from "../core/groups/sharing";
import { useOpenFlow } from "../live/context";
import { useFlow } from "../live/hooks";
import { closeAround, Dialog } from "../ui/Dialog";

/** The other flows of the project, to show the selected nodes in or to move them to. */
export default function OtherFlows({ deed, close }: { deed: "share" | "move"; close: () => void }) {
  const { editor, siblings } = useOpenFlow();
  const here = useFlow();
  const [flows, setFlows] = useState<readonly FlowRef[]>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let open = true;
    siblings?.().then(
      (found) => open && setFlows(found.filter(({ id }) => id !== here.id)),
      () => open && setFailed(true),
    );
    return () => {
      open = false;
    };
  }, [siblings, here.id]);
  const send = deed === "share" ? shareSelected : moveSelected;
  const title = deed === "share" ? "Show the selected nodes in" : "Move the selected nodes to";
  return (
    <Dialog title={title} onClose={close}>
      {flows?.length === 0 && (
        <p className="muted">
          This project has no other flow. <a href={`/projects/${here.project.id}/`}>Make one</a>
        </p>
      )}
      {failed && (
        <p className="muted">The flows of this project could not be read. Close this and try again.</p>
      )}
      <ul className="dialog__list" aria-label="Flows">
        {flows?.map((flow) => (
          <li key={flow.id}>
            <button
              type="button"
              className="dialog__row"
              onClick={(event) => {
                closeAround(event.currentTarget);
                send(editor, flow);
              }}
            >
              <span className="grow clip">{flow.name}</span>
            </button>
          </li>
        ))}
      </ul>
      <div className="dialog__foot">
        <button type="button" className="btn btn--s" onClick={(event) => closeAround(event.currentTarget)}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
