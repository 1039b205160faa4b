import type { MouseEvent, PointerEvent } from "react";
import type { Component } from "../core/types";
import { useCan } from "../live/hooks";
import { Icon } from "../ui/Icon";
import { Tile } from "../ui/Tile";

export interface RowActions {
  add: (component: Component) => void;
  press: (component: Component, event: PointerEvent) => void;
  like: (component: Component) => void;
  /** Opens what there is to read about it, beside the row. */
  read: (component: Component, row: HTMLElement) => void;
}

interface PaletteRowProps {
  component: Component;
  /** Why it cannot be added now; null when it can. */
  reason: string | null;
  /** Its module is run by hand, for a while. */
  byHand: boolean;
  /** One row of the list takes the Tab key; arrows go on from there. */
  tabbable: boolean;
  liked: boolean;
  actions: RowActions;
}

/** A component that can be dragged onto the canvas, or added with Enter, a double click or a tap. */
export function PaletteRow({ component, reason, byHand, tabbable, liked, actions }: PaletteRowProps) {
  const { title, description, icon, category } = component;
  const { edit } = useCan();
  // What holds for all rows stands above them once.
  const isShown = reason !== null && edit;
  const add = (): void => {
    if (reason === null) actions.add(component);
  };
  const onClick = (event: MouseEvent): void => {
    // Enter and a screen reader's press are clicks without a pointer. With a mouse a click is the start of a drag;
    // a finger has no double click.
    const touched =
      event.nativeEvent instanceof globalThis.PointerEvent && event.nativeEvent.pointerType === "touch";
    if (event.detail === 0 || touched) add();
  };
  return (
    <li className="palette__item">
      <button
        type="button"
        className="palette__row"
        tabIndex={tabbable ? 0 : -1}
        aria-description={reason ?? (byHand ? `Run by hand. ${description}` : description)}
        aria-disabled={reason !== null}
        title={reason ?? `${title}: ${description}`}
        onPointerDown={(event) => reason === null && actions.press(component, event)}
        onDoubleClick={add}
        onClick={onClick}
      >
        <Tile icon={icon} category={category} size="m" />
        <span className="palette__text">
          <span className="unseen">Add </span>
          <span className="palette__name">
            <span className="clip">{title}</span>
            {byHand && (
              <span
                className="palette__hand"
                aria-hidden="true"
                title={`Somebody runs ${component.module} by hand: it leaves when they stop`}
              >
                by hand
              </span>
            )}
          </span>
          <span className="palette__description clip" aria-hidden="true">
            {isShown ? reason : description}
          </span>
        </span>
      </button>
      <span className="palette__tools">
        <button
          type="button"
          className="palette__tool"
          tabIndex={-1}
          aria-label={`About ${title}`}
          title="What it does"
          onClick={(event) => actions.read(component, event.currentTarget)}
        >
          <Icon name="info" size="s" />
        </button>
        <button
          type="button"
          className={liked ? "palette__tool palette__tool--on" : "palette__tool"}
          tabIndex={-1}
          aria-label={`Favourite: ${title}`}
          aria-pressed={liked}
          title={liked ? "No favourite any more" : "Make it a favourite"}
          onClick={() => actions.like(component)}
        >
          <Icon name="star" size="s" />
        </button>
      </span>
    </li>
  );
}
