import type { ReactNode } from "react";

import { ThemeToggle } from "../shell/ThemeToggle";

interface HeaderProps {
  project: { id: string; name: string };
  children?: ReactNode;
}

/** The bar on top: where one is, and what can be done here. */
export function Header({ project, children }: HeaderProps) {
  return (
    <header className="topbar board__top">
      <a className="logo" href="/" aria-label="All projects">
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M5 8.5c3.5 0 3.5 7 7 7s3.5-7 7-7M12 4.5V9" />
        </svg>
      </a>
      <nav className="crumbs grow" aria-label="Where you are">
        <a className="clip" href={`/projects/${project.id}/`}>
          {project.name}
        </a>
        <span className="muted">/</span>
        <h1 className="crumbs__here clip">Dashboard</h1>
      </nav>
      {children}
      <ThemeToggle />
    </header>
  );
}
