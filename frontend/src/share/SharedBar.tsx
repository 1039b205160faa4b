import { useEffect } from "react";
import { useConnection, useFlow, useQueue } from "../live/hooks";
import { describeConnection } from "../shell/ConnectionPill";
import { ThemeToggle } from "../shell/ThemeToggle";

/** The bar on top: what is shown, and whether it is as things are now. It leads nowhere: a link shows one thing. */
export function SharedBar() {
  const { name, project } = useFlow();
  const { state, text } = describeConnection(useConnection(), useQueue());
  useEffect(() => {
    document.title = [name, project.name, "Weirflow"].join(" · ");
  }, [name, project.name]);
  return (
    <header className="topbar">
      <span className="logo" aria-hidden="true">
        <svg viewBox="0 0 24 24">
          <path d="M5 8.5c3.5 0 3.5 7 7 7s3.5-7 7-7M12 4.5V9" />
        </svg>
      </span>
      <div className="crumbs grow">
        <span className="clip muted">{project.name}</span>
        <span className="muted">/</span>
        <h1 className="crumbs__here clip">{name}</h1>
      </div>
      <span className="chip viewonly" title="You came by a share link: it shows this flow, and no more">
        Shared to look at
      </span>
      <span className={`state is-${state}`} role="status">
        <i className="mark" aria-hidden="true" />
        {text}
      </span>
      <ThemeToggle />
    </header>
  );
}
