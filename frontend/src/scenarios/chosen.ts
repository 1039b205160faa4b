import { Cell } from "../core/store";

const cells = new Map<string, Cell<string | null>>();

/**
 * The scenario that this browser has chosen for a flow, by id; null for none. Apart from the list, so that the
 * first screen can ask for checks with it before anything of scenarios is loaded.
 */
export function chosenOf(flow: string): Cell<string | null> {
  let cell = cells.get(flow);
  if (!cell) {
    cell = new Cell(read(flow));
    cells.set(flow, cell);
  }
  return cell;
}

export function choose(flow: string, scenario: string | null): void {
  chosenOf(flow).set(scenario);
  try {
    if (scenario === null) localStorage.removeItem(keyOf(flow));
    else localStorage.setItem(keyOf(flow), scenario);
  } catch {
    // A browser that keeps nothing: the choice lasts as long as the page.
  }
}

function read(flow: string): string | null {
  try {
    return localStorage.getItem(keyOf(flow));
  } catch {
    return null;
  }
}

function keyOf(flow: string): string {
  return `weirflow.scenario.${flow}`;
}
