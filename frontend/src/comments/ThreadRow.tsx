import { memo } from "react";
import { count } from "../core/format";
import type { CommentPlace } from "../live/commentHints";
import { Icon } from "../ui/Icon";
import type { IconName } from "../ui/icons";
import { since } from "./since";
import type { ThreadHead } from "./types";

interface ThreadRowProps {
  thread: ThreadHead;
  place: string;
  gone: boolean;
  shown: boolean;
  onShow: (id: string) => void;
}

/** A thread in the list: where, who began it with what, and how much was said since. */
export const ThreadRow = memo(function ThreadRow({ thread, place, gone, shown, onShow }: ThreadRowProps) {
  const { id, by, excerpt, count: said, last_at, resolved, unread } = thread;
  return (
    <li className="threads__item">
      <button type="button" className="threads__row" aria-pressed={shown} onClick={() => onShow(id)}>
        <span className="threads__head">
          <Icon name={resolved ? "check" : iconOf(thread)} size="s" />
          <span className={gone ? "threads__place threads__place--gone clip" : "threads__place clip"}>
            {place}
          </span>
          {unread && <span className="threads__new">New</span>}
          <span className="muted">{since(last_at)}</span>
        </span>
        <span className="threads__said">
          <b>{by}</b> {excerpt}
        </span>
        {said > 1 && <span className="muted">{count(said - 1, "answer")}</span>}
        {resolved && <span className="unseen">resolved</span>}
      </button>
    </li>
  );
});

export function iconOf({ node, edge }: CommentPlace): IconName {
  if (node !== null) return "component";
  return edge !== null ? "merge" : "frame";
}
