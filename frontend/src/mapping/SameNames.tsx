import { useEffect, useId, useRef, useState } from "react";

import { count } from "../core/format";
import type { WireEnds } from "../core/mappingTypes";
import type { LoadedEdge } from "../core/types";
import { asSchema } from "../forms/schema/types";
import { useEditor } from "../live/hooks";
import { keyOf, sameNames, withPairs } from "./sameNames";

/** Maps what both sides call the same: shows first what it would do, and does it as one step. */
export function SameNames({ edge, ends }: { edge: LoadedEdge; ends: WireEnds }) {
  const editor = useEditor();
  const [open, setOpen] = useState(false);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (open) box.current?.focus();
  }, [open]);
  const pairs = open ? sameNames(asSchema(ends.source), asSchema(ends.target), edge.mapping) : [];
  const fitting = pairs.filter(({ misfit }) => misfit === null);
  const chosen = fitting.filter((pair) => !left.has(keyOf(pair)));

  const close = (): void => {
    setOpen(false);
    opener.current?.focus();
  };
  const apply = (): void => {
    const mapping = withPairs(edge.mapping, chosen);
    editor.apply([{ op: "set_mapping", id: edge.id, mapping }], { label: "Map same names" });
    close();
  };
  const toggle = (key: string): void => {
    const next = new Set(left);
    if (!next.delete(key)) next.add(key);
    setLeft(next);
  };
  return (
    <div className="same">
      <button
        ref={opener}
        type="button"
        className="btn btn--s"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => {
          setLeft(new Set());
          setOpen(!open);
        }}
      >
        Map same names
      </button>
      {open && (
        <div
          ref={box}
          id={id}
          className="same__box"
          role="dialog"
          aria-label="Map same names"
          tabIndex={-1}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.preventDefault();
            event.stopPropagation();
            close();
          }}
        >
          {pairs.length === 0 && (
            <p className="muted">
              Nothing to map: no field without a mapping is called like a field of the message.
            </p>
          )}
          <ul className="same__list">
            {pairs.map((pair) => (
              <li key={keyOf(pair)} className={pair.misfit ? "muted" : undefined}>
                <label>
                  <input
                    type="checkbox"
                    checked={pair.misfit === null && !left.has(keyOf(pair))}
                    disabled={pair.misfit !== null}
                    onChange={() => toggle(keyOf(pair))}
                  />
                  <span className="clip">{pair.label}</span>
                  <code className="clip">{pair.from}</code>
                </label>
                {pair.misfit && (
                  <p className="same__misfit is-warning">
                    <i className="mark" aria-hidden="true" />
                    {pair.misfit.given}, where {pair.misfit.wanted} is wanted
                  </p>
                )}
              </li>
            ))}
          </ul>
          <div className="same__deeds">
            <button type="button" className="btn btn--s" onClick={close}>
              {pairs.length === 0 ? "Close" : "Cancel"}
            </button>
            {pairs.length > 0 && (
              <button
                type="button"
                className="btn btn--primary btn--s"
                disabled={chosen.length === 0}
                onClick={apply}
              >
                Map {count(chosen.length, "field")}
              </button>
            )}
          </div>
        </div>
      )}
    </div>
  );
}
