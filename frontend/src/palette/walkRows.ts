import type { KeyboardEvent } from "react";

/** Up and down go from row to row, right and left to a row's own buttons and back. Answers whether it moved. */
export function walkRows(event: KeyboardEvent, list: HTMLElement, input: HTMLElement | null): boolean {
  const here = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const item = here?.closest(".palette__item");
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    const parts = [...(item?.querySelectorAll<HTMLElement>("button") ?? [])];
    const next = parts[parts.findIndex((part) => part === here) + (event.key === "ArrowRight" ? 1 : -1)];
    next?.focus();
    return item !== null && item !== undefined;
  }
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return false;
  const rows = [...list.querySelectorAll<HTMLElement>(".palette__row")].filter(
    (row) => row.closest("[hidden]") === null,
  );
  const at = rows.findIndex((row) => item?.contains(row));
  if (at + by < 0) input?.focus();
  else rows[Math.min(at + by, rows.length - 1)]?.focus();
  return true;
}
