import { useEffect } from "react";
import { count } from "../core/format";
import { commentHints } from "../live/commentHints";
import { useReadable } from "../live/hooks";
import { Icon } from "../ui/Icon";

/** Leads to where others named this person, and says how often that was and is not read. */
export function MentionBell() {
  const unread = useReadable(commentHints.unread);
  useEffect(() => {
    // It may have been read on another page meanwhile.
    const ask = () => void commentHints.count();
    window.addEventListener("focus", ask);
    document.addEventListener("visibilitychange", ask);
    return () => {
      window.removeEventListener("focus", ask);
      document.removeEventListener("visibilitychange", ask);
    };
  }, []);
  const label = unread === 0 ? "Mentions" : `${count(unread, "mention")} not read`;
  return (
    <a className="btn btn--plain btn--icon btn--s bell" href="/mentions/" aria-label={label} title={label}>
      <Icon name="bell" />
      {unread > 0 && <span className="bell__count num">{unread > 99 ? "99+" : unread}</span>}
    </a>
  );
}
