import { ADD } from "./add";
import { ARRANGE } from "./arrange";
import { EDIT } from "./edit";
import { GROUP_ACTIONS } from "./groups";
import { HELP } from "./help";
import { RUN } from "./run";
import { SELECT } from "./select";
import type { Action } from "./types";
import { VIEW } from "./view";
import { WALK } from "./walk";

/** Every action of the editor, in the order in which lists show them within a group. */
export const ACTIONS: readonly Action[] = [
  ...ADD,
  ...GROUP_ACTIONS,
  ...EDIT,
  ...SELECT,
  ...ARRANGE,
  ...WALK,
  ...VIEW,
  ...RUN,
  ...HELP,
];

/** Actions by key. Where several share one, the first that is possible is done. */
export const BY_KEY: ReadonlyMap<string, readonly Action[]> = byKey(ACTIONS);

function byKey(actions: readonly Action[]): Map<string, Action[]> {
  const found = new Map<string, Action[]>();
  for (const action of actions) {
    for (const key of action.keys ?? []) found.set(key, [...(found.get(key) ?? []), action]);
  }
  return found;
}
