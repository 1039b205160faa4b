import { useState } from "react";
import { exactly } from "../inspector/control/ago";
import { MentionNames } from "../ui/mentionNames";
import { LateMarkdown } from "../ui/LateMarkdown";
import { Composer } from "./Composer";
import { since } from "./since";
import type { Comments } from "./store";
import type { CommentRow, Thread } from "./types";

interface OneCommentProps {
  store: Comments;
  thread: Thread;
  comment: CommentRow;
  /** Whether this person may write here. */
  may: boolean;
  onProblem: (error: unknown) => void;
}

/** One comment, as it looks; its writer changes it or takes it back in place. */
export function OneComment({ store, thread, comment, may, onProblem }: OneCommentProps) {
  const [editing, setEditing] = useState(false);
  const [asking, setAsking] = useState(false);
  const { id, by, text, deleted, at, edited, mentions } = comment;
  const removable = may && !deleted && (comment.own || thread.manages);
  return (
    <li className="comment" data-comment={id}>
      <p className="comment__head small">
        <b className="clip">{by.name}</b>
        <time className="muted" dateTime={at} title={exactly(at)}>
          {since(at)}
        </time>
        {edited !== null && !deleted && (
          <span className="muted" title={exactly(edited)}>
            edited
          </span>
        )}
        <span className="grow" />
        {may && comment.own && !deleted && !editing && (
          <button type="button" className="btn btn--plain btn--s" onClick={() => setEditing(true)}>
            Edit
          </button>
        )}
        {removable && !editing && !asking && (
          <button type="button" className="btn btn--plain btn--s" onClick={() => setAsking(true)}>
            Delete
          </button>
        )}
        {asking && (
          <>
            <button type="button" className="btn btn--plain btn--s" onClick={() => setAsking(false)}>
              Keep
            </button>
            <button
              type="button"
              className="btn btn--danger btn--s"
              autoFocus
              onClick={() => {
                setAsking(false);
                store.remove(thread.id, id).catch(onProblem);
              }}
            >
              Delete for good
            </button>
          </>
        )}
      </p>
      {editing ? (
        <Composer
          api={store.api}
          draft={`edit ${id}`}
          label="Text of the comment"
          initial={text}
          action="Save"
          focus
          onSend={async (next) => {
            await store.edit(thread.id, id, next);
            setEditing(false);
          }}
          onCancel={() => setEditing(false)}
        />
      ) : deleted ? (
        <p className="muted small">This comment was taken back.</p>
      ) : (
        <div className="comment__text">
          <MentionNames value={mentions}>
            <LateMarkdown text={text} />
          </MentionNames>
        </div>
      )}
    </li>
  );
}
