import { useEffect } from "react";
import type { EditorHandle } from "../core/editorTypes";
import { commentHints, type CommentWish } from "../live/commentHints";
import { isSamePlace } from "./places";
import { shown } from "./shown";
import type { Comments } from "./store";

/** Shows what somebody asked for elsewhere: by a badge, an action, or a link. */
export function useWishes(store: Comments, editor: EditorHandle): void {
  useEffect(() => {
    const take = (): void => {
      const wish = commentHints.wish.get();
      if (wish === null) return;
      commentHints.wish.set(null);
      void grant(wish, store, editor);
    };
    take();
    return commentHints.wish.subscribe(take);
  }, [store, editor]);
}

async function grant(wish: CommentWish, store: Comments, editor: EditorHandle): Promise<void> {
  if ("on" in wish) return shown.set({ filter: "open", place: null, writing: wish.on });
  if ("all" in wish) return shown.set({ filter: "open", place: null, writing: null });
  if ("at" in wish) {
    await store.load();
    const there = store.listed.get().threads.filter((thread) => isSamePlace(thread, wish.at));
    const first = there.find(({ resolved }) => resolved === null) ?? there[0];
    shown.set({
      filter: first?.resolved ? "resolved" : "open",
      place: wish.at,
      writing: first ? null : wish.at,
    });
    return store.open(first?.id ?? null);
  }
  await Promise.all([store.load(), store.open(wish.thread)]);
  const thread = store.opened.get()?.thread;
  shown.set({ filter: thread?.resolved ? "resolved" : "open", place: null, writing: null });
  const place = thread?.node ?? thread?.edge;
  const { nodes, edges } = editor.whole;
  if (wish.linked && place && (nodes.has(place) || edges.has(place))) editor.reveal(place);
}
