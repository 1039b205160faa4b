import { useCallback } from "react";
import { newUuid } from "../core/ids";
import { useEditor, useFlow } from "../live/hooks";
import { freeName } from "../scenarios/capture";
import { openedTest } from "./opened";
import { testsOf } from "./store";
import type { TestBody } from "./types";

/** Tells people of an error, as a notice. */
export function useTold(): (error: unknown) => void {
  const editor = useEditor();
  return useCallback(
    (error) => {
      const message = error instanceof Error ? error.message : "The test could not be kept.";
      editor.notify({ code: `test ${newUuid()}`, message }, "error");
    },
    [editor],
  );
}

/** Keeps a new test and has `show` open the panel on it; what is refused, and null, become a notice. */
export function useKeepTest(show: () => void): (name: string, body: TestBody | null) => Promise<void> {
  const flow = useFlow().id;
  const tell = useTold();
  return useCallback(
    async (name, body) => {
      try {
        if (!body)
          throw new Error("The message that it began with was not recorded: there is nothing to give.");
        const store = testsOf(flow);
        await store.load();
        const names = store.listed.get().tests.map((one) => one.name);
        openedTest.set((await store.create(freeName(name, names), body)).id);
        show();
      } catch (error) {
        tell(error);
      }
    },
    [flow, tell, show],
  );
}
