import { useEffect, useState } from "react";
import { useActionContext } from "../actions/context";
import type { EditedField } from "../core/presence";
import { formOf } from "./fields";
import { Telling } from "./telling";

/** Tells the others where this person's pointer is, what is selected, and which field is edited, while somebody is there. */
export function useTelling(): void {
  const { editor, live, canvas } = useActionContext();
  const { presence } = live;
  const { selection, within } = editor;
  const [telling] = useState(() => new Telling(presence));
  useEffect(() => {
    const onPointer = (): void => {
      const at = canvas.pointer.get();
      telling.set({ cursor: at && [Math.round(at.x), Math.round(at.y)] });
    };
    const onSelection = (): void => {
      const { nodes, edges } = selection.get();
      telling.set({ selection: [...nodes, ...edges] });
    };
    const onView = (): void => telling.set({ view: within.get() });
    const onFollow = (): void => telling.set({ follow: presence.following.get() });
    const onFocus = (event: FocusEvent): void => telling.set({ form: editedField(event.target) });
    const onBlur = (): void => telling.set({ form: null });
    telling.start();
    telling.set({ form: editedField(document.activeElement) });
    for (const say of [onPointer, onSelection, onView, onFollow]) say();
    document.addEventListener("focusin", onFocus);
    document.addEventListener("focusout", onBlur);
    const stops = [
      canvas.pointer.subscribe(onPointer),
      selection.subscribe(onSelection),
      within.subscribe(onView),
      presence.following.subscribe(onFollow),
      () => document.removeEventListener("focusin", onFocus),
      () => document.removeEventListener("focusout", onBlur),
      () => telling.stop(),
    ];
    return () => stops.forEach((stop) => stop());
  }, [telling, presence, canvas, selection, within]);
}

/** Of which form's field an element is part; null for what is none of a node's or wire's. */
export function editedField(target: EventTarget | null): EditedField | null {
  if (!(target instanceof Element)) return null;
  const pointer = target.closest("[data-pointer]")?.getAttribute("data-pointer");
  const node = formOf(target.closest("[data-form]")?.getAttribute("data-form") ?? "");
  return pointer === null || pointer === undefined || node === null ? null : { node, pointer };
}
