import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { focusCard } from "../canvas/focus";
import { count } from "../core/format";
import { PLACES, type Hit } from "../core/find";
import { useEditor } from "../live/hooks";
import { Icon } from "../ui/Icon";
import "./find.css";
import { Marked } from "./Marked";
import { useFind } from "./useFind";

/** Finds text anywhere in the flow and flies to it: Enter the next, Shift+Enter the one before. */
export default function FindBar({ start = "", onClose }: { start?: string; onClose: () => void }) {
  const editor = useEditor();
  const [query, setQuery] = useState(start);
  const [at, setAt] = useState(-1);
  const { hits, searching, cut, partly } = useFind(query);
  const list = useRef<HTMLDivElement>(null);
  const current = hits[at];

  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current]);

  const show = (index: number): void => {
    const hit = hits[index];
    if (!hit) return;
    setAt(index);
    editor.reveal(hit.id);
  };
  const step = (by: number): void => {
    if (hits.length > 0) show((Math.max(at, by > 0 ? -1 : 0) + by + hits.length) % hits.length);
  };
  const close = (): void => {
    onClose();
    if (current && editor.graph.nodes.has(current.id)) focusCard(current.id);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1, F3: event.shiftKey ? -1 : 1 }[
      event.key
    ];
    if (event.key === "Escape") close();
    else if (by && !(event.key === "Enter" && event.target instanceof HTMLButtonElement)) step(by);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div role="search" className="find" aria-label="Find in this flow" onKeyDown={onKeyDown}>
      <div className="line">
        <div className="input grow">
          <Icon name="search" />
          <input
            type="search"
            autoFocus
            aria-label="Find in this flow"
            placeholder="Names, comments, settings, expressions"
            spellCheck={false}
            autoComplete="off"
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              setAt(-1);
            }}
          />
          <span className="small muted num" role="status">
            {said(query, hits.length, at, searching, cut)}
          </span>
        </div>
        <Tool
          label="Show the one before (Shift Enter)"
          icon="up"
          disabled={hits.length === 0}
          run={() => step(-1)}
        />
        <Tool label="Show the next (Enter)" icon="down" disabled={hits.length === 0} run={() => step(1)} />
        <Tool label="Close (Esc)" icon="close" run={close} />
      </div>
      {partly && (
        <p className="find__partly small" role="status">
          Settings and mappings were looked through only as far as they are on this page: the server does not
          answer.
        </p>
      )}
      {hits.length > 0 && (
        <div className="find__list" ref={list}>
          {PLACES.map((place) => (
            <Place key={place} place={place} hits={hits} query={query} at={at} show={show} />
          ))}
        </div>
      )}
    </div>
  );
}

interface PlaceProps {
  place: Hit["place"];
  hits: readonly Hit[];
  query: string;
  at: number;
  show: (index: number) => void;
}

function Place({ place, hits, query, at, show }: PlaceProps) {
  const rows = hits.flatMap((hit, index) => (hit.place === place ? [{ hit, index }] : []));
  if (rows.length === 0) return null;
  return (
    <section aria-label={place}>
      <h2 className="find__place small muted">
        {place} <span className="num">{rows.length}</span>
      </h2>
      <ul>
        {rows.map(({ hit, index }) => (
          <li key={index}>
            <button
              type="button"
              className="find__row"
              aria-current={index === at}
              onClick={() => show(index)}
            >
              <span className="find__name clip">
                <Marked text={hit.name} query={hit.text === hit.name ? query : ""} />
              </span>
              {hit.text !== hit.name && (
                <span className="grow small muted clip">
                  <Marked text={hit.text} query={query} />
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ToolProps {
  label: string;
  icon: "up" | "down" | "close";
  disabled?: boolean;
  run: () => void;
}

function Tool({ label, icon, disabled = false, run }: ToolProps) {
  return (
    <button
      type="button"
      className="btn btn--plain btn--icon btn--s"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={run}
    >
      <Icon name={icon} />
    </button>
  );
}

function said(query: string, hits: number, at: number, searching: boolean, cut: boolean): string {
  if (query.trim() === "") return "";
  if (searching) return "Searching";
  if (hits === 0) return "Nothing found";
  const all = cut ? `${String(hits)}+` : String(hits);
  return at < 0 ? (cut ? `${all} places` : count(hits, "place")) : `${String(at + 1)} of ${all}`;
}
