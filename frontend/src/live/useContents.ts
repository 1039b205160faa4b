import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { isLoaded } from "../core/contents";
import { useConnection, useEditor } from "./hooks";

export type ContentsState =
  | { readonly phase: "loaded" }
  | { readonly phase: "loading" }
  | { readonly phase: "failed"; readonly message: string; readonly retry: () => void };

const LOADED: ContentsState = { phase: "loaded" };
const LOADING: ContentsState = { phase: "loading" };

/**
 * Has the settings of a node, or the mapping of a wire, read for as long as it is looked at: a flow opens without
 * them. What failed is tried again when the connection is back.
 */
export function useContents(id: string): ContentsState {
  const editor = useEditor();
  const { socket } = useConnection();
  const subscribe = useCallback((listener: () => void) => editor.subscribeTo(id, listener), [editor, id]);
  const loaded = useSyncExternalStore(subscribe, () => {
    const row = editor.whole.nodes.get(id) ?? editor.whole.edges.get(id);
    return row === undefined || isLoaded(row);
  });
  const [failure, setFailure] = useState<{ id: string; message: string } | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (loaded) return;
    let current = true;
    editor.load([id]).then(
      () => current && setFailure(null),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : "The server did not answer.";
        if (current) setFailure({ id, message });
      },
    );
    return () => {
      current = false;
    };
  }, [editor, id, loaded, attempt, socket]);
  if (loaded) return LOADED;
  if (failure?.id !== id) return LOADING;
  return {
    phase: "failed",
    message: failure.message,
    retry: () => {
      setFailure(null);
      setAttempt(attempt + 1);
    },
  };
}
