import type { KeyboardEvent } from "react";

import type { Component } from "../core/types";
import { Icon } from "../ui/Icon";
import { Tile } from "../ui/Tile";
import { fillDrag } from "./drag";

interface PaletteRowProps {
  component: Component;
  /** Why it cannot be added now; null when it can. */
  reason: string | null;
  /** One row of the list takes the Tab key; arrows go on from there. */
  tabbable: boolean;
  onAdd: () => void;
}

/** A component that can be dragged onto the canvas, or added with Enter or a double click. */
export function PaletteRow({ component, reason, tabbable, onAdd }: PaletteRowProps) {
  const { title, description, icon, category } = component;
  const add = () => {
    if (reason === null) onAdd();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    add();
  };
  return (
    <li>
      {/* Not a <button>: Firefox does not drag buttons. */}
      <div
        className="palette__row"
        role="button"
        tabIndex={tabbable ? 0 : -1}
        aria-description={reason ?? description}
        aria-disabled={reason !== null}
        title={reason ?? `${title}: ${description}`}
        draggable={reason === null}
        onDragStart={(event) => fillDrag(event.dataTransfer, component)}
        onDoubleClick={add}
        // A screen reader's press is a click without a pointer; with one, a click is the start of a drag.
        onClick={(event) => event.detail === 0 && add()}
        onKeyDown={onKeyDown}
      >
        <Tile icon={icon} category={category} size="m" />
        <div className="palette__text">
          <span className="unseen">Add </span>
          <p className="palette__name clip">{title}</p>
          <p className="palette__description clip" aria-hidden="true">
            {reason ?? description}
          </p>
        </div>
        {reason === null && (
          <span className="palette__grip">
            <Icon name="grip" />
          </span>
        )}
      </div>
    </li>
  );
}
