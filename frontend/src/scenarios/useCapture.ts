import { useCallback } from "react";
import { count } from "../core/format";
import { useEditor, useFlow } from "../live/hooks";
import { freeName, isCut, type Captured } from "./capture";
import { openedScenario } from "./opened";
import { scenariosOf } from "./store";
import type { Sample } from "./types";

/** Keeps messages as a new scenario and has `show` open the panel on it; what is refused becomes a notice. */
export function useCapture(show: () => void): (name: string, captured: Captured) => Promise<void> {
  const editor = useEditor();
  const flow = useFlow().id;
  return useCallback(
    async (name, { samples, left }) => {
      const store = scenariosOf(flow);
      if (samples.length === 0) {
        const message =
          "Nothing to keep: messages over 4 KiB, and those that were not recorded, are not here.";
        editor.notify({ code: "capture", message }, "warning");
        return;
      }
      try {
        await store.load();
        const names = store.listed.get().scenarios.map((one) => one.name);
        const made = await store.create(freeName(name, names), samples);
        openedScenario.set(made.id);
        show();
        if (left > 0) {
          const message = `Kept without ${count(left, "message")}: over 4 KiB, or not recorded.`;
          editor.notify({ code: "capture", message }, "warning");
        }
      } catch (error) {
        const message = error instanceof Error ? error.message : "The scenario could not be kept.";
        editor.notify({ code: "capture", message }, "error");
      }
    },
    [editor, flow, show],
  );
}

/** One message on its own. */
export function capturedMessage(sample: Sample): Captured {
  return isCut(sample.data) ? { samples: [], left: 1 } : { samples: [sample], left: 0 };
}
