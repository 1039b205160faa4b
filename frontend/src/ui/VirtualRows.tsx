import { useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

interface VirtualRowsProps<T> {
  rows: readonly T[];
  /** Each row's height in px. */
  height: number;
  keyOf: (row: T) => string;
  draw: (row: T) => ReactNode;
  selected: string | null;
  onSelect: (row: T) => void;
  label: string;
}

/** Rows drawn outside the view, above and below, so that scrolling shows no gaps. */
const SPARE = 6;
/** So near to the end counts as being there. */
const NEAR = 4;

/** A list of which only what is in view is in the page. While it is scrolled to its end it stays there. */
export function VirtualRows<T>({
  rows,
  height,
  keyOf,
  draw,
  selected,
  onSelect,
  label,
}: VirtualRowsProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [view, setView] = useState({ top: 0, height: 400 });
  const look = (): void => {
    const element = list.current;
    if (!element) return;
    atEnd.current = element.scrollTop + element.clientHeight >= element.scrollHeight - NEAR;
    setView({ top: element.scrollTop, height: element.clientHeight || 400 });
  };
  useLayoutEffect(() => {
    const element = list.current;
    if (element && atEnd.current) element.scrollTop = element.scrollHeight;
    look();
  }, [rows]);
  useLayoutEffect(() => {
    const element = list.current;
    if (!element || typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const first = Math.max(0, Math.floor(view.top / height) - SPARE);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / height) + SPARE);
  const at = selected === null ? -1 : rows.findIndex((row) => keyOf(row) === selected);
  const walk = (event: KeyboardEvent): void => {
    const next = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? rows.length - 1 : at - 1,
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const index = Math.min(rows.length - 1, Math.max(0, next));
    const row = rows[index];
    const element = list.current;
    if (row === undefined || !element) return;
    onSelect(row);
    atEnd.current = index === rows.length - 1;
    if (index * height < element.scrollTop) element.scrollTop = index * height;
    const below = (index + 1) * height - element.clientHeight;
    if (below > element.scrollTop) element.scrollTop = below;
  };
  return (
    <div
      ref={list}
      className="rows"
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={at >= first && at < last ? `row-${selected ?? ""}` : undefined}
      onScroll={look}
      onKeyDown={walk}
    >
      <div role="presentation" style={{ height: rows.length * height }}>
        {rows.slice(first, last).map((row, index) => {
          const key = keyOf(row);
          return (
            <div
              key={key}
              id={`row-${key}`}
              role="option"
              className="rows__row"
              aria-selected={key === selected}
              style={{ height, transform: `translateY(${String((first + index) * height)}px)` }}
              onClick={() => onSelect(row)}
            >
              {draw(row)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
