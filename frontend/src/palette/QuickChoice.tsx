import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useActionContext } from "../actions/context";
import { goTo } from "../actions/walk";
import { canvasRect } from "../canvas/canvasRect";
import type { Adding } from "../canvas/canvasState";
import { isModuleAvailable } from "../core/catalogue";
import { fit } from "../core/fitting";
import type { Component } from "../core/types";
import { useCatalogue } from "../live/hooks";
import { Icon } from "../ui/Icon";
import { placeInWindow } from "../ui/placeInWindow";
import { Tile } from "../ui/Tile";
import { useLeaving } from "../ui/useLeaving";
import { addWired } from "./addWired";
import { favourites, keyOf, likedFirst, recent } from "./likes";
import "./quickadd.css";
import { search } from "./search";

const WIDTH = 300;
const HEIGHT = 340;
const MAX_SHOWN = 50;

/** Offers components at the place where a wire was dropped, or where `/` was pressed: those that fit it. */
export default function QuickChoice({ start = "", adding }: { start?: string; adding: Adding }) {
  const context = useActionContext();
  const { editor, canvas } = context;
  const catalogue = useCatalogue();
  const [query, setQuery] = useState(start);
  const [active, setActive] = useState(0);
  const around = useRef<HTMLDivElement>(null);
  const list = useId();
  const close = (): void => canvas.adding.set(null);
  const { stay } = useLeaving(around, close);

  const found = useMemo(() => {
    const fitting = catalogue.components.filter(
      (component) =>
        isModuleAvailable(catalogue, component.module) &&
        (adding.ends.length === 0 || fit(adding.ends, component) !== undefined),
    );
    const ordered =
      query.trim() === "" ? likedFirst(fitting, favourites.list.get(), recent.list.get()) : fitting;
    return search(ordered, query).slice(0, MAX_SHOWN);
  }, [catalogue, adding, query]);
  const chosen = found[Math.min(active, found.length - 1)];

  useEffect(() => {
    around.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  const take = (component: Component | undefined): void => {
    if (!component) return;
    stay();
    close();
    recent.put(keyOf(component));
    const how = fit(adding.ends, component);
    const { module, name } = component;
    const id =
      how && adding.at
        ? addWired(editor, component, how, adding.at)
        : editor.add({ module, component: name }, adding.at ?? undefined);
    if (id !== null) goTo(context, id);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setActive((now) => Math.max(0, Math.min(found.length - 1, now + step)));
    else if (event.key === "Enter") take(chosen);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const option = (component: Component) => `${list}-${keyOf(component)}`;
  return (
    <div
      ref={around}
      className="quickadd"
      role="dialog"
      aria-label="Add a component"
      style={placeInWindow(adding.window, { width: WIDTH, height: HEIGHT }, canvasRect())}
    >
      <div className="input">
        <Icon name="search" />
        <input
          autoFocus
          role="combobox"
          aria-label="Add a component"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={chosen && option(chosen)}
          placeholder={adding.ends.length > 0 ? "Add what fits this port" : "Add a component"}
          spellCheck={false}
          autoComplete="off"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul className="quickadd__list" id={list} role="listbox" aria-label="Components">
        {found.map((component) => (
          <li
            key={keyOf(component)}
            id={option(component)}
            className="quickadd__row"
            role="option"
            aria-selected={component === chosen}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => take(component)}
          >
            <Tile icon={component.icon} category={component.category} />
            <span className="grow clip">{component.title}</span>
            <span className="small muted clip">{portName(adding, component)}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && (
        <p className="quickadd__none muted" role="status">
          {query.trim() === "" ? "No component fits this port." : "Nothing that fits is called that."}
        </p>
      )}
    </div>
  );
}

/** Which port the wire will end at, where the component has more than one for it. */
function portName({ ends }: Adding, component: Component): string {
  const how = fit(ends, component);
  if (!how) return component.category;
  const others = component.ports.filter(
    (port) => port.source === how.port.source && !port.name.startsWith("_"),
  );
  return others.length > 1 ? how.port.label || how.port.name : "";
}
