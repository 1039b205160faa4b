import { ACTIONS } from "../registry";
import { GROUPS, isPossible, placesOf, type Action, type ActionContext, type Place } from "../types";

/** What a context menu offers there and now, by group, in the order of the groups. */
export function menuItems(place: Place, context: ActionContext): Action[][] {
  const offered = ACTIONS.filter((action) => placesOf(action).includes(place) && isPossible(action, context));
  return GROUPS.map((group) => offered.filter((action) => action.group === group)).filter(
    ({ length }) => length > 0,
  );
}
