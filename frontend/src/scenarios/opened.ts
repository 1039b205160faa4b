import { Cell } from "../core/store";

/** The scenario that the panel shows, by id: whoever keeps one opens the panel on it. */
export const openedScenario = new Cell<string | null>(null);
