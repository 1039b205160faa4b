import { count } from "../core/format";
import { commentHints, type CommentPlace } from "../live/commentHints";

interface CommentBadgeProps {
  /** Null where it stands for several: all open threads are shown then. */
  place: CommentPlace | null;
  /** Open threads there. */
  open: number;
}

/** Says that people talk about a card or a wire, and shows what they say. One element: its sign is drawn by its style. */
export function CommentBadge({ place, open }: CommentBadgeProps) {
  const label = count(open, "open comment thread");
  return (
    <button
      type="button"
      className="talk num nodrag nopan"
      title={label}
      aria-label={label}
      onClick={(event) => {
        event.stopPropagation();
        commentHints.wish.set(place ? { at: place } : { all: true });
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      {open > 99 ? "99+" : open}
    </button>
  );
}
