import { useEffect, useState } from "react";

import type { Press, PressState } from "../../core/editorTypes";
import type { JsonObject } from "../../core/types";
import { usePress } from "../../live/hooks";
import { useControlHost } from "./host";

/** How long "Done" stays; milliseconds. */
const DONE_FOR = 2_000;

export interface Pressing {
  phase: PressState["phase"] | "idle";
  /** Why it failed. */
  reason: string | null;
  busy: boolean;
  start: (data: JsonObject) => void;
}

/** One press of one button at a time, and what became of it. */
export function usePressing(node: string): Pressing {
  const host = useControlHost();
  const [press, setPress] = useState<Press | null>(null);
  const state = usePress(press);
  const phase = state?.phase ?? "idle";
  const busy = phase === "sending" || phase === "pending";
  useEffect(() => {
    if (phase !== "done") return;
    const timer = setTimeout(() => setPress(null), DONE_FOR);
    return () => clearTimeout(timer);
  }, [phase]);
  return {
    phase,
    busy,
    reason: phase === "failed" ? (state?.problem?.message ?? "The node did not say why it failed") : null,
    start: (data) => {
      if (!busy) setPress(host.press(node, data));
    },
  };
}
