import type { EditorHandle } from "../core/editorTypes";
import type { Unsubscribe } from "../core/store";
import { areLoaded } from "../editing/whenLoaded";
import { idsInCopy } from "../editing/contents";

/** A selection that stands this long is going to be copied, moved or looked at; milliseconds. */
const STILL_MS = 300;
/** One request's worth; a larger selection is read when somebody asks for it. */
const MOST = 500;

/**
 * Has what is selected read before it is copied: the browser's own copy cannot wait for an answer. What cannot be
 * read now is read, and complained about, when it is needed.
 */
export function readAhead(editor: EditorHandle): Unsubscribe {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    const { nodes } = editor.selection.get();
    if (nodes.size < 2 || nodes.size > MOST) return;
    const ids = idsInCopy(editor, true);
    if (ids.length <= MOST && !areLoaded(editor, ids)) editor.load(ids).catch(() => undefined);
  };
  const stop = editor.selection.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(look, STILL_MS);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
