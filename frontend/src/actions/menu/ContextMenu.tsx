import { useEffect, useEffectEvent, useState } from "react";
import type { Point } from "../../core/geometry";
import { late } from "../../ui/late";
import { useActionContext } from "../context";
import type { Action } from "../types";
import { menuItems } from "./menuItems";
import { takeTarget } from "./menuTarget";
import { useLongPress } from "./useLongPress";

export const Menu = late(() => import("./Menu"));

interface Opened {
  readonly at: Point;
  readonly groups: readonly (readonly Action[])[];
}

/** The menu of what is under the pointer, or of what has the focus: right click, long press, Shift+F10. */
export function ContextMenu() {
  const context = useActionContext();
  const [opened, setOpened] = useState<Opened | null>(null);

  const open = (element: Element, at: Point): boolean => {
    const place = takeTarget(context.editor, element);
    const groups = place === null ? [] : menuItems(place, context);
    if (groups.length === 0) return false;
    context.canvas.place.set(context.view.at(at));
    setOpened({ at, groups });
    return true;
  };
  const onContextMenu = useEffectEvent((event: MouseEvent) => {
    if (!(event.target instanceof Element)) return;
    if (open(event.target, pointOf(event, event.target))) event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: MouseEvent): void => onContextMenu(event);
    document.addEventListener("contextmenu", listen);
    return () => document.removeEventListener("contextmenu", listen);
  }, []);
  useLongPress(askForMenu);

  if (!opened) return null;
  return (
    <Menu
      key={`${String(opened.at.x)} ${String(opened.at.y)}`}
      {...opened}
      onClose={() => {
        context.canvas.place.set(null);
        setOpened(null);
      }}
      onChoose={(action) => {
        // First the menu goes, so that the focus is back where it was when the action moves it on.
        setOpened(null);
        requestAnimationFrame(() => {
          action.run(context);
          context.canvas.place.set(null);
        });
      }}
    />
  );
}

/** As the right button would: whoever knows better what lies under the finger, as the overview does, hears of it first. */
function askForMenu(element: Element, { x: clientX, y: clientY }: Point): void {
  const about = { bubbles: true, cancelable: true, button: 2, clientX, clientY };
  element.dispatchEvent(new MouseEvent("contextmenu", about));
}

/** From the keyboard there is no pointer: then it opens at the element. */
function pointOf(event: MouseEvent, element: Element): Point {
  if (event.button === 2 && (event.clientX !== 0 || event.clientY !== 0)) {
    return { x: event.clientX, y: event.clientY };
  }
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: left + Math.min(width / 2, 80), y: top + Math.min(height / 2, 60) };
}
