/** More than this is no selection somebody made on a canvas. */
export const MAX_TEXT = 8 * 1024 * 1024;
export const MAX_NODES = 5_000;
export const MAX_EDGES = 20_000;
