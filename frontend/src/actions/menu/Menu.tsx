import { useEffect, useRef, type KeyboardEvent } from "react";
import type { Point } from "../../core/geometry";
import { placeInWindow } from "../../ui/placeInWindow";
import { useLeaving } from "../../ui/useLeaving";
import type { Action } from "../types";
import "./menu.css";
import { linesOf, MenuGroup } from "./MenuGroup";
import { itemsOf, walkMenu } from "./walkMenu";

const WIDTH = 328;
const ROW = 30;

interface MenuProps {
  at: Point;
  groups: readonly (readonly Action[])[];
  onClose: () => void;
  onChoose: (action: Action) => void;
}

/** A menu by the pattern that keyboards and screen readers know: arrows, Home, End, letters, Enter, Escape. */
export default function Menu({ at, groups, onClose, onChoose }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  useLeaving(menu, onClose);
  useEffect(() => itemsOf(menu.current)[0]?.focus({ preventScroll: true }), []);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.key === "Escape" || event.key === "Tab") onClose();
    else if (!walkMenu(event.currentTarget, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const rows = groups.reduce((sum, group) => sum + linesOf(group), 0);
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
        <MenuGroup key={group[0]?.group} actions={group} onChoose={onChoose} />
      ))}
    </div>
  );
}
