import { useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { createPortal } from "react-dom";

import type { Json, Schema } from "../forms/schema/types";
import { useCan } from "../live/hooks";
import { useCarrying } from "./carrying";
import { SourceRow } from "./SourceRow";
import { MAX_ROWS, rootNode, rowsOf, searched, type SourceNode } from "./sourceTree";
import { useDrag } from "./useDrag";

interface SourceTreeProps {
  root: Schema;
  message: Json | undefined;
  /** Only fields with these letters in them; empty for the tree. */
  letters: string;
  labelledBy: string;
}

/** Fields of a message. Enter, or a click, takes one; it can be dragged, too. */
export function SourceTree({ root, message, letters, labelledBy }: SourceTreeProps) {
  const carrying = useCarrying();
  const { edit } = useCan();
  const { dragged, start, wasDrag } = useDrag();
  const list = useRef<HTMLUListElement>(null);
  const help = useId();
  const top = useMemo(() => rootNode(root, message), [root, message]);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(["$"]));
  const [active, setActive] = useState("$");
  const rows = useMemo(
    () => (letters.trim() === "" ? rowsOf(top, root, open) : searched(top, root, letters)),
    [top, root, open, letters],
  );
  const at = Math.max(
    0,
    rows.findIndex(({ path }) => path === active),
  );

  const toggle = ({ path, hasChildren }: SourceNode, wanted = !open.has(path)): void => {
    if (!hasChildren) return;
    const next = new Set(open);
    if (wanted) next.add(path);
    else next.delete(path);
    setOpen(next);
  };
  const go = (index: number): void => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))];
    if (!row) return;
    setActive(row.path);
    list.current?.querySelectorAll<HTMLElement>('[role="treeitem"]')[rows.indexOf(row)]?.focus();
  };
  const take = (row: SourceNode): void => {
    if (edit) carrying.take(row.path);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[at];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const deeds: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      ArrowRight: () => (row.hasChildren && !open.has(row.path) ? toggle(row, true) : go(at + 1)),
      ArrowLeft: () =>
        row.hasChildren && open.has(row.path)
          ? toggle(row, false)
          : go(rows.findLastIndex(({ depth }, index) => index < at && depth < row.depth)),
      Enter: () => take(row),
      " ": () => take(row),
    };
    const deed = deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    event.stopPropagation();
    deed();
  };
  return (
    <>
      <p id={help} className="unseen">
        Enter takes a field; on a field of the mapping, Enter puts it there.
      </p>
      <ul
        ref={list}
        role="tree"
        className="mapping__scroll mapping__tree"
        aria-labelledby={labelledBy}
        aria-describedby={help}
        onKeyDown={onKeyDown}
      >
        {rows.map((row, index) => (
          <SourceRow
            key={row.path}
            row={row}
            open={open.has(row.path)}
            current={index === at}
            taken={carrying.path === row.path || dragged?.path === row.path}
            flat={letters.trim() !== ""}
            onToggle={() => toggle(row)}
            onFocus={() => setActive(row.path)}
            onPress={(event) => edit && start(event, row.path)}
            onClick={() => !wasDrag() && take(row)}
          />
        ))}
        {rows.length === 0 && <li className="mapping__none">No field has these letters</li>}
        {rows.length >= MAX_ROWS && (
          <li className="mapping__none">More than can be shown: search for a field</li>
        )}
      </ul>
      {dragged &&
        createPortal(
          <div
            className={`mapping__ghost ${dragged.misfit === "" ? "" : "is-warning"} ${dragged.over ? "mapping__ghost--over" : ""}`}
            style={{ translate: `${String(dragged.x + 12)}px ${String(dragged.y + 8)}px` }}
          >
            <code>{dragged.path}</code>
            {dragged.misfit !== "" && <span>{dragged.misfit}</span>}
          </div>,
          document.body,
        )}
    </>
  );
}
