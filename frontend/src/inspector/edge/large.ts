import { Cell } from "../../core/store";

/** Whether the large view of a wire's mapping is open below the canvas: then the inspector need not show it too. */
export const largeIsOpen = new Cell(false);
