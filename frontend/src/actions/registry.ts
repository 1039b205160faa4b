import { ADD } from "./add";
import { ARRANGE } from "./arrange";
import { COMMENT } from "./comment";
import { DASHBOARD } from "./dashboard";
import { EDIT } from "./edit";
import { FILES } from "./files";
import { GROUP_ACTIONS } from "./groups";
import { GROUP_VIEW } from "./groupView";
import { HELP } from "./help";
import { keyText } from "./keys";
import { MAPPING } from "./mapping";
import { PROJECT } from "./project";
import { RUN } from "./run";
import { SELECT } from "./select";
import type { Action } from "./types";
import { VERSIONS } from "./versions";
import { VIEW } from "./view";
import { WALK } from "./walk";

/** Every action of the editor, in the order in which lists show them within a group. */
export const ACTIONS: readonly Action[] = [
  ...ADD,
  ...GROUP_ACTIONS,
  ...EDIT,
  ...SELECT,
  ...GROUP_VIEW,
  ...ARRANGE,
  ...WALK,
  ...VIEW,
  ...MAPPING,
  ...RUN,
  ...COMMENT,
  ...DASHBOARD,
  ...PROJECT,
  ...VERSIONS,
  ...FILES,
  ...HELP,
];

/** Actions by key. Where several share one, the first that is possible is done. */
export const BY_KEY: ReadonlyMap<string, readonly Action[]> = byKey(ACTIONS);

/** The key that is shown for an action, as it stands on the keyboard: `Ctrl Z`. Empty for one that has none. */
export function keyFor(id: string): string {
  const key = ACTIONS.find((action) => action.id === id)?.keys?.[0];
  return key === undefined ? "" : keyText(key);
}

function byKey(actions: readonly Action[]): Map<string, Action[]> {
  const found = new Map<string, Action[]>();
  for (const action of actions) {
    for (const key of action.keys ?? []) found.set(key, [...(found.get(key) ?? []), action]);
  }
  return found;
}
