import { useEffect } from "react";
import { keyOf } from "./keys";
import { BY_KEY } from "./registry";
import { isPossible, type Action, type ActionContext } from "./types";

/** Does actions by their keys, wherever on the page the focus is. */
export function useActionKeys(context: ActionContext): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isWithin(event, "dialog")) return;
      const inField = isWithin(event, "input, textarea, select, [contenteditable]");
      const actions = (BY_KEY.get(keyOf(event)) ?? []).filter(
        (action) => isOurs(action, inField) && (!action.onCanvas || isOnCanvas(event)),
      );
      if (actions.length === 0) return;
      // Also where nothing is to be done now: Ctrl D must not make a bookmark only because nothing is selected.
      event.preventDefault();
      actions.find((action) => isPossible(action, context))?.run(context);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [context]);
}

function isOurs({ native = false, inFields = false }: Action, inField: boolean): boolean {
  return !native && (inFields || !inField);
}

function isOnCanvas(event: KeyboardEvent): boolean {
  return event.target === document.body || isWithin(event, ".canvas");
}

function isWithin(event: KeyboardEvent, selector: string): boolean {
  return event.target instanceof Element && event.target.closest(selector) !== null;
}
