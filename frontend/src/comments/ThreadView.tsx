import { useEffect, useRef } from "react";
import { linkToComment } from "../core/address";
import { useCan, useEditor, useGraph } from "../live/hooks";
import { CopyButton } from "../ui/CopyButton";
import { Icon } from "../ui/Icon";
import { newUuid } from "../core/ids";
import { Composer } from "./Composer";
import { OneComment } from "./OneComment";
import { PlaceButton } from "./PlaceButton";
import type { Comments } from "./store";
import type { Thread } from "./types";

interface ThreadViewProps {
  store: Comments;
  thread: Thread;
  onProblem: (error: unknown) => void;
}

/** A thread: where it is about, what was said, and where to answer. */
export function ThreadView({ store, thread, onProblem }: ThreadViewProps) {
  const { control: may } = useCan();
  const editor = useEditor();
  const graph = useGraph();
  const { id, resolved, comments } = thread;
  const list = useRef<HTMLOListElement>(null);
  // Kept for a second try of the same answer, which then writes no second one.
  const answer = useRef(newUuid());
  useEffect(() => {
    const last = list.current?.lastElementChild;
    last?.scrollIntoView?.({ block: "nearest" });
  }, [id, comments.length]);
  useEffect(() => {
    if (thread.unread) void store.seen(id);
  }, [store, id, thread.unread]);
  return (
    <section className="thread" aria-label={`Thread by ${thread.by}`}>
      <header className="thread__head">
        <PlaceButton
          graph={graph}
          place={thread}
          label={thread.label}
          onGo={(target) => editor.reveal(target)}
        />
        <span className="grow" />
        {resolved && <span className="chip">Resolved by {resolved.by}</span>}
        <CopyButton label="Copy link" text={() => linkToComment(location.href, id)} />
        {may && (
          <button
            type="button"
            className="btn btn--s"
            onClick={() => void store.resolve(id, resolved === null).catch(onProblem)}
          >
            <Icon name={resolved ? "reply" : "check"} size="s" />
            {resolved ? "Open again" : "Resolve"}
          </button>
        )}
      </header>
      <ol ref={list} className="thread__comments" aria-label="Comments" tabIndex={0}>
        {comments.map((comment) => (
          <OneComment
            key={comment.id}
            store={store}
            thread={thread}
            comment={comment}
            may={may}
            onProblem={onProblem}
          />
        ))}
      </ol>
      {may ? (
        <Composer
          key={id}
          api={store.api}
          draft={id}
          label="Answer"
          action="Answer"
          onSend={async (text) => {
            await store.reply(id, answer.current, text);
            answer.current = newUuid();
          }}
        />
      ) : (
        <p className="thread__only muted small">
          You may read what others say here. An owner of the project can let you write too.
        </p>
      )}
    </section>
  );
}
