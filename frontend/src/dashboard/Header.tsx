import type { ReactNode } from "react";

import { SHARE } from "../api/share";
import { ThemeToggle } from "../shell/ThemeToggle";

const LOGO = (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d="M5 8.5c3.5 0 3.5 7 7 7s3.5-7 7-7M12 4.5V9" />
  </svg>
);

interface HeaderProps {
  project: { id: string; name: string };
  children?: ReactNode;
}

/** The bar on top: where one is, and what can be done here. For who came by a share link it leads nowhere. */
export function Header({ project, children }: HeaderProps) {
  return (
    <header className="topbar board__top">
      {SHARE === null ? (
        <a className="logo" href="/" aria-label="All projects">
          {LOGO}
        </a>
      ) : (
        <span className="logo">{LOGO}</span>
      )}
      <nav className="crumbs grow" aria-label="Where you are">
        {SHARE === null ? (
          <a className="clip" href={`/projects/${project.id}/`}>
            {project.name}
          </a>
        ) : (
          <span className="clip muted">{project.name}</span>
        )}
        <span className="muted">/</span>
        <h1 className="crumbs__here clip">Dashboard</h1>
      </nav>
      {children}
      <ThemeToggle />
    </header>
  );
}
