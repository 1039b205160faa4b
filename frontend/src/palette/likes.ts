import type { Component } from "../core/types";
import { Remembered } from "../ui/remembered";

/** Components that this person has marked, and those used last, by `keyOf`. */
export const favourites = new Remembered("weirflow.favourites", 50);
export const recent = new Remembered("weirflow.recent", 6);

export function keyOf({ module, name }: Pick<Component, "module" | "name">): string {
  return `${module}/${name}`;
}

/** Liked ones first, then the ones used last, then the others as they come. */
export function likedFirst(
  components: readonly Component[],
  liked: readonly string[],
  used: readonly string[],
): Component[] {
  const order = new Map(
    [...liked, ...used.filter((key) => !liked.includes(key))].map((key, at) => [key, at]),
  );
  const place = (component: Component) => order.get(keyOf(component)) ?? order.size;
  return [...components].sort((one, other) => place(one) - place(other));
}
