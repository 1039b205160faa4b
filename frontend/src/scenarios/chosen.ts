import { Cell } from "../core/store";

/** What of a flow's scenarios the first screen needs, apart from the list: checks are asked for with it. */
export interface Choice {
  /** The scenario that this browser has chosen, by id; null for none. */
  readonly id: Cell<string | null>;
  /** Another number than before: the messages of some scenario may be others now. */
  readonly writes: Cell<number>;
}

const choices = new Map<string, Choice>();

export function choiceOf(flow: string): Choice {
  let choice = choices.get(flow);
  if (!choice) {
    choice = { id: new Cell(read(flow)), writes: new Cell(0) };
    choices.set(flow, choice);
  }
  return choice;
}

export function choose(flow: string, scenario: string | null): void {
  choiceOf(flow).id.set(scenario);
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
