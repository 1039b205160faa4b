import { useId, useMemo, useRef, useState, type KeyboardEvent } from "react";

import { isByHand, isModuleAvailable, offeredComponents } from "../core/catalogue";
import { count } from "../core/format";
import type { Point } from "../core/geometry";
import type { Component } from "../core/types";
import { useCanvasState } from "../canvas/canvasState";
import { aimAt, insertTarget } from "../canvas/insertTarget";
import { addOnWire } from "../editing/addOnWire";
import { useCan, useCatalogue, useEditor, useReadable } from "../live/hooks";
import { Icon } from "../ui/Icon";
import { late } from "../ui/late";
import { DragGhost } from "./DragGhost";
import { groupsOf, ownGroups } from "./groups";
import { favourites, keyOf, recent } from "./likes";
import "./palette.css";
import { PaletteGroup } from "./PaletteGroup";
import { PaletteRail } from "./PaletteRail";
import { PaletteRow, type RowActions } from "./PaletteRow";
import { search } from "./search";
import { useFolded } from "./useFolded";
import { useRowDrag } from "./useRowDrag";
import { walkRows } from "./walkRows";

const ComponentDocs = late(() => import("../about/ComponentDocs"));

/** The components that can be added to the flow, by category, with a search. */
export function Palette() {
  const editor = useEditor();
  const catalogue = useCatalogue();
  const can = useCan();
  const [query, setQuery] = useState("");
  const [folded, fold] = useFolded();
  const liked = useReadable(favourites.list);
  // As it was when the page opened: a list that grew with each addition would push the rows away below the pointer.
  const [used] = useState(() => recent.list.get());
  const [reading, setReading] = useState<{ component: Component; beside: HTMLElement } | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const listId = useId();

  const offered = offeredComponents(catalogue);
  const found = useMemo(() => search(offered, query), [offered, query]);
  // The best hit comes first while searching; without a search everything stands in its category.
  const groups = useMemo(() => [...ownGroups(found, liked, used), ...groupsOf(found)], [found, liked, used]);
  const searching = query.trim() !== "";
  const first = found[0];

  const reasonFor = ({ module, runsCode }: Component): string | null => {
    if (!can.edit) return "You may look at this flow, not change it";
    if (runsCode && can.code === false) return "Writing code is left to others in this project";
    return isModuleAvailable(catalogue, module) ? null : `The module ${module} is not running`;
  };
  const add = (component: Component, at?: Point) => {
    if (reasonFor(component) !== null) return;
    editor.add({ module: component.module, component: component.name }, at);
    recent.put(keyOf(component));
  };
  const canvas = useCanvasState();
  const drop = (component: Component, at: Point, window: Point) => {
    const target = reasonFor(component) === null ? insertTarget(editor, window, component.ports) : null;
    if (!target) return add(component, at);
    addOnWire(editor, component, at, target.edge);
    recent.put(keyOf(component));
  };
  const { dragged, press } = useRowDrag(drop, (now) => {
    aimAt(editor, canvas, now && insertTarget(editor, now.window, now.component.ports));
  });
  const actions: RowActions = {
    add: (component) => add(component),
    press,
    like: (component) => favourites.toggle(keyOf(component)),
    read: (component, beside) => setReading({ component, beside }),
  };
  const open = (text: string) => {
    fold(false);
    setQuery(text);
    // The input is there after the next paint when the palette was folded.
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.select();
    });
  };

  const step = (event: KeyboardEvent) => {
    // On a row these would reach the canvas and delete what is selected there.
    if (event.key === "Delete" || event.key === "Backspace") event.stopPropagation();
    const inSearch = event.target === input.current;
    if (inSearch && (event.key === "ArrowLeft" || event.key === "ArrowRight")) return;
    if (list.current && walkRows(event, list.current, input.current)) event.preventDefault();
  };
  const onSearchKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && first && searching) {
      event.preventDefault();
      add(first);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (searching) setQuery("");
      else input.current?.blur();
    }
  };

  const row = (component: Component, tabbable: boolean) => (
    <PaletteRow
      key={keyOf(component)}
      component={component}
      reason={reasonFor(component)}
      byHand={isByHand(catalogue, component.module)}
      tabbable={tabbable}
      liked={liked.includes(keyOf(component))}
      actions={actions}
    />
  );

  if (folded) return <PaletteRail groups={groupsOf(offered)} onOpen={open} />;
  return (
    <aside className="palette" aria-label="Components" onKeyDown={step}>
      <div className="palette__search">
        <div className="input">
          <Icon name="search" />
          <input
            ref={input}
            type="search"
            value={query}
            placeholder="Add a component"
            aria-label="Search components"
            aria-controls={listId}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={onSearchKey}
          />
          {searching && (
            <kbd className="key" aria-hidden="true">
              ↵
            </kbd>
          )}
        </div>
      </div>
      {!can.edit && <p className="palette__note small muted">You may look at this flow, not change it.</p>}
      <div className="palette__list" id={listId} ref={list}>
        {searching ? (
          <ul aria-label="Found components">{found.map((component, at) => row(component, at === 0))}</ul>
        ) : (
          groups.map(({ category, components }, group) => (
            <PaletteGroup key={category} category={category} count={components.length}>
              {components.map((component, at) => row(component, group + at === 0))}
            </PaletteGroup>
          ))
        )}
        {!found.length && <Nothing query={query} onClear={() => open("")} />}
      </div>
      <footer className="palette__foot">
        <span className="num" role="status">
          {searching ? `${found.length} found` : summary(offered)}
        </span>
        <button
          type="button"
          className="btn btn--plain btn--icon btn--s"
          aria-label="Fold the components away"
          title="Fold away"
          onClick={() => fold(true)}
        >
          <span className="palette__fold">
            <Icon name="right" />
          </span>
        </button>
      </footer>
      {dragged && <DragGhost dragged={dragged} />}
      {reading && (
        <ComponentDocs key={keyOf(reading.component)} {...reading} onClose={() => setReading(null)} />
      )}
    </aside>
  );
}

/** Says how to get further instead of only that there is nothing. */
function Nothing({ query, onClear }: { query: string; onClear: () => void }) {
  if (!query.trim()) {
    return (
      <div className="palette__empty">
        <p className="strong">No components yet</p>
        <p>They come with modules. As soon as one runs, its components appear here.</p>
      </div>
    );
  }
  return (
    <div className="palette__empty">
      <p className="strong">Nothing fits “{query.trim()}”</p>
      <p>
        The search looks at names, tags and descriptions. Say what it should do: timer, count, http, route.
      </p>
      <button type="button" className="btn btn--s" onClick={onClear}>
        Show all components
      </button>
    </div>
  );
}

function summary(components: readonly Component[]): string {
  const modules = new Set(components.map(({ module }) => module)).size;
  return `${count(modules, "module")} · ${count(components.length, "component")}`;
}
