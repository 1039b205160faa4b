import { useState } from "react";
import { useCan } from "../live/hooks";
import { Icon } from "../ui/Icon";
import type { Captured } from "./capture";
import { useCapture } from "./useCapture";

interface KeepButtonProps {
  /** The scenario's name to begin with. */
  name: string;
  /** Made when it is pressed. */
  captured: () => Captured;
  /** Opens the panel that shows it. */
  show: () => void;
}

/** Keeps messages that came as a scenario; not there for those who may not edit. */
export function KeepButton({ name, captured, show }: KeepButtonProps) {
  const can = useCan();
  const capture = useCapture(show);
  const [busy, setBusy] = useState(false);
  if (!can.edit) return null;
  return (
    <button
      type="button"
      className="btn btn--plain btn--s"
      title="Keep the messages as sample data, without their secrets"
      aria-disabled={busy}
      onClick={() => {
        if (busy) return;
        setBusy(true);
        void capture(name, captured()).finally(() => setBusy(false));
      }}
    >
      <Icon name="flask" size="s" />
      Keep as scenario
    </button>
  );
}
