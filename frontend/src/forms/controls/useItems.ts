import { useMemo } from "react";

import { submit } from "../draft/submit";
import { useForm } from "../FormContext";
import { blank } from "../schema/blank";
import { fieldOf, type Field } from "../schema/fields";
import { resolve } from "../schema/resolve";
import type { Json, Path } from "../schema/types";
import { useValueDraft } from "../useValueDraft";

export interface Items {
  items: Json[];
  /** The field of every item; its label still lacks the number. */
  item: Field;
  /** The list is as long as its schema allows. */
  full: boolean;
  /** Nothing stands here, not even an empty list. */
  unset: boolean;
  add: () => void;
  remove: (index: number) => void;
  move: (from: number, to: number) => void;
}

/** A list's items, and the ways in which they change. Drafts travel with their item. */
export function useItems(path: Path, field: Field, value: Json | undefined): Items {
  const { root, target } = useForm();
  const draft = useValueDraft(path, value);
  const item = useMemo(() => fieldOf("item", resolve(field.schema.items, root)), [field.schema.items, root]);
  const items = Array.isArray(draft.value) ? draft.value : [];
  const rearrange = (next: Json[], place: (index: number) => number | null) => {
    target.drafts.rename(target.key, path, (step) => place(Number(step)));
    void submit(target, path, next);
  };
  return {
    items,
    item,
    full: items.length >= (field.schema.maxItems ?? Infinity),
    unset: draft.value === null || draft.value === undefined,
    add: () => draft.change([...items, blank(item.schema, root)]),
    remove: (index) =>
      rearrange(items.toSpliced(index, 1), (at) => (at === index ? null : at > index ? at - 1 : at)),
    move: (from, to) => {
      const moved = items[from];
      if (moved === undefined) return;
      const place = (at: number) => {
        if (at === from) return to;
        if (at > from && at <= to) return at - 1;
        if (at < from && at >= to) return at + 1;
        return at;
      };
      rearrange(items.toSpliced(from, 1).toSpliced(to, 0, moved), place);
    },
  };
}
