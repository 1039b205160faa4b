/** Waits for the server's word on an edit that this page already shows. */

import type { EditorHandle } from "../core/editorTypes";

export interface SentEdit {
  /** The node or edge that was edited. */
  id: string;
  /** The edit's label: notices start with it, a field's message does not need it. */
  label: string;
  /** Whether the flow still holds the edit; a refused one is taken out again. */
  stands: () => boolean;
}

/**
 * Resolves with the server's reason when it refuses the edit, with null once nothing is on its way any more.
 * While the server cannot be reached this stays open, as the edit does.
 */
export function verdict(editor: EditorHandle, { id, label, stands }: SentEdit): Promise<string | null> {
  const before = new Set(editor.notices.get().map((notice) => notice.id));
  const reason = (): string | null => {
    if (stands()) return null;
    const about = editor.notices
      .get()
      .find((notice) => !before.has(notice.id) && (notice.node === id || notice.edge === id));
    return about ? about.message.replace(`${label}: `, "") : null;
  };
  return new Promise((resolve) => {
    const finish = (answer: string | null) => {
      stops.forEach((stop) => stop());
      resolve(answer);
    };
    const onNotice = () => {
      const answer = reason();
      if (answer !== null) finish(answer);
    };
    const onQueue = () => {
      // The queue tells first and the notice follows at once; a task later both are known.
      if (editor.queue.get().pending === 0) setTimeout(() => finish(reason()));
    };
    const stops = [editor.notices.subscribe(onNotice), editor.queue.subscribe(onQueue)];
    onQueue();
  });
}
