import type { KeyboardEvent } from "react";

import { Icon } from "../ui/Icon";
import type { Page } from "./core/types";

interface PageTabsProps {
  pages: readonly Page[];
  current: string;
  onGo: (page: string) => void;
  /** Makes a new page; null while nothing is arranged. */
  onAdd: (() => void) | null;
}

/** The pages as tabs; arrow keys go from one to the next. */
export function PageTabs({ pages, current, onGo, onAdd }: PageTabsProps) {
  const move = (event: KeyboardEvent<HTMLDivElement>): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const at = pages.findIndex(({ id }) => id === current);
    const index = (at + by + pages.length) % pages.length;
    const next = pages[index];
    if (!next) return;
    onGo(next.id);
    event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")[index]?.focus();
  };
  return (
    <div className="board__tabs">
      <div className="tabs" role="tablist" aria-label="Pages" onKeyDown={move}>
        {pages.map((page) => (
          <button
            key={page.id}
            type="button"
            role="tab"
            aria-selected={page.id === current}
            aria-controls="page"
            tabIndex={page.id === current ? 0 : -1}
            onClick={() => onGo(page.id)}
          >
            {page.name}
          </button>
        ))}
      </div>
      {onAdd && (
        <button
          type="button"
          className="btn btn--plain btn--icon btn--s"
          aria-label="New page"
          title="New page (Shift N)"
          onClick={onAdd}
        >
          <Icon name="plus" />
        </button>
      )}
    </div>
  );
}
