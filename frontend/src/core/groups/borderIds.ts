/** Ids of the two cards at the borders of a group's view: no node has one like these. */

export type Side = "in" | "out";

export function bordersOf(group: string): Readonly<Record<Side, string>> {
  return { in: `${group}:in`, out: `${group}:out` };
}

/** Whether a card stands for what is outside of the group that is looked at. */
export function isBorder(id: string): boolean {
  return /:(?:in|out)$/.test(id);
}
