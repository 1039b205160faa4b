/** Calls back once, soon; the page uses the next animation frame. */
export type Schedule = (run: () => void) => void;
