import { Refusal, Unreachable } from "../core/errors";
import { newUuid } from "../core/ids";
import type { OpenFlow } from "../live/context";
import { shownPast } from "../live/past";
import type { VersionApi } from "./types";

/**
 * Makes the flow what it was, as a step that can be undone. What cannot be is said with a way to have the rest; it never
 * rejects.
 */
export async function restore(
  present: Pick<OpenFlow, "editor">,
  api: VersionApi,
  state: { ref: string; name: string },
  rest = false,
): Promise<boolean> {
  const { editor } = present;
  const id = newUuid();
  const label = `Restore ${state.name}`;
  try {
    const { rev, left } = await twice(() => api.restore(state.ref, { client_op_id: id, rest }));
    editor.made(id, label, rev);
    shownPast.get()?.back();
    const undo = { label: "Undo", run: () => editor.undo() };
    editor.notify({ code: "restored", message: `The flow is as it was: ${state.name}.` }, "info", undo);
    if (left.length > 0) editor.notify({ code: "restored_part", message: left.join(" ") }, "warning");
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : "It could not be restored.";
    const partly = error instanceof Refusal && error.details.ways?.includes("rest");
    const action = partly
      ? { label: "Restore the rest", run: () => void restore(present, api, state, true) }
      : undefined;
    editor.notify({ code: "restore", message: `${label}: ${message}` }, partly ? "warning" : "error", action);
    return false;
  }
}

/** A large flow may take longer than a request waits: the same once more is answered with what came of it. */
async function twice<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return ask();
  }
}
