import { useState } from "react";
import { useOpenPanel } from "../actions/context";
import { useCan } from "../live/hooks";
import { Icon } from "../ui/Icon";
import type { TestBody } from "./types";
import { useKeepTest } from "./useKept";

interface MakeTestButtonProps {
  label?: string;
  /** The test's name to begin with. */
  name: string;
  /** Made when it is pressed; null: there is nothing to give. */
  body: () => TestBody | null;
}

/** Makes a test of what is looked at and opens it; not there for those who may not edit. */
export function MakeTestButton({ name, label = "Make a test", body }: MakeTestButtonProps) {
  const can = useCan();
  const open = useOpenPanel();
  const keep = useKeepTest(() => open("tests"));
  const [busy, setBusy] = useState(false);
  if (!can.edit) return null;
  return (
    <button
      type="button"
      className="btn btn--plain btn--s"
      title="Give the same again, and expect the same of it"
      aria-disabled={busy}
      onClick={() => {
        if (busy) return;
        setBusy(true);
        void keep(name, body()).finally(() => setBusy(false));
      }}
    >
      <Icon name="check" size="s" />
      {label}
    </button>
  );
}
