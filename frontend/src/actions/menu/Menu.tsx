import { useEffect, useRef, type KeyboardEvent } from "react";
import type { Point } from "../../core/geometry";
import { moveFocus } from "../../ui/Dialog";
import { placeInWindow } from "../../ui/placeInWindow";
import { useLeaving } from "../../ui/useLeaving";
import { keyText } from "../keys";
import { useActionContext } from "../context";
import { titleNow, type Action } from "../types";
import "./menu.css";

const WIDTH = 328;
const ROW = 30;

interface MenuProps {
  at: Point;
  groups: readonly (readonly Action[])[];
  onClose: () => void;
  onChoose: (action: Action) => void;
}

/** A menu by the pattern that keyboards and screen readers know: arrows, Home, End, letters, Enter, Escape. */
export function Menu({ at, groups, onClose, onChoose }: MenuProps) {
  const context = useActionContext();
  const menu = useRef<HTMLDivElement>(null);
  useLeaving(menu, onClose);
  useEffect(() => itemsOf(menu.current)[0]?.focus({ preventScroll: true }), []);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const items = itemsOf(event.currentTarget);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) moveFocus(event.currentTarget, "[role=menuitem]", step);
    else if (event.key === "Home") items[0]?.focus();
    else if (event.key === "End") items.at(-1)?.focus();
    else if (event.key === "Escape" || event.key === "Tab") onClose();
    else if (event.key.length === 1 && event.key !== " ") focusLetter(items, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const rows = groups.reduce((sum, group) => sum + group.length, 0);
  return (
    <div
      ref={menu}
      className="menu"
      role="menu"
      aria-label="What can be done here"
      style={placeInWindow(at, {
        width: WIDTH,
        height: Math.min(rows * ROW + groups.length * 9 + 10, innerHeight - 16),
      })}
      onKeyDown={onKeyDown}
      onContextMenu={(event) => event.preventDefault()}
    >
      {groups.map((group) => (
        <div key={group[0]?.group} role="group" className="menu__group" aria-label={group[0]?.group}>
          {group.map((action) => (
            <button
              key={action.id}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className="menu__item"
              onPointerEnter={(event) => event.currentTarget.focus({ preventScroll: true })}
              onClick={() => onChoose(action)}
            >
              <span className="grow clip">{titleNow(action, context)}</span>
              {action.keys?.[0] !== undefined && <kbd className="menu__key">{keyText(action.keys[0])}</kbd>}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}

function itemsOf(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
}

/** The next item, from the one that has the focus on, whose title begins with the letter. */
function focusLetter(items: readonly HTMLElement[], letter: string): void {
  const at = items.findIndex((item) => item === document.activeElement);
  const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  order.find((item) => item.textContent?.toLowerCase().startsWith(letter.toLowerCase()))?.focus();
}
