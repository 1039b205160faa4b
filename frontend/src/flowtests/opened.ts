import { Cell } from "../core/store";

/** The test that the panel shows, by id: whoever makes one opens the panel on it. */
export const openedTest = new Cell<string | null>(null);
