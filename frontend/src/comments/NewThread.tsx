import { useState } from "react";
import { useEditor, useGraph } from "../live/hooks";
import type { CommentPlace } from "../live/commentHints";
import { Composer } from "./Composer";
import { PlaceButton } from "./PlaceButton";
import { newIds, type Comments } from "./store";

interface NewThreadProps {
  store: Comments;
  place: CommentPlace;
  onDone: () => void;
}

/** Where the first comment of a thread is written. */
export function NewThread({ store, place, onDone }: NewThreadProps) {
  const editor = useEditor();
  const graph = useGraph();
  const where = place.node ?? place.edge ?? "flow";
  // Kept for a second try, which then starts no second thread.
  const [ids] = useState(newIds);
  return (
    <section className="thread" aria-label="New thread">
      <header className="thread__head">
        <span className="muted small">New thread on</span>
        <PlaceButton graph={graph} place={place} onGo={(target) => editor.reveal(target)} />
      </header>
      <Composer
        api={store.api}
        draft={`new ${where}`}
        label="Comment"
        action="Comment"
        focus
        onSend={async (text) => {
          await store.start(ids, place, text);
          onDone();
        }}
        onCancel={onDone}
      />
    </section>
  );
}
