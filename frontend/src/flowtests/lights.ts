import type { Lit } from "../live/replay";
import { placeOf } from "./parts";
import type { TestResult } from "./types";

/** How many expectations held at a node, and how many did not. */
export interface Held {
  readonly held: number;
  readonly failed: number;
}

/** The way that a test's messages took: wires and nodes, those that failed told apart. */
export function lightsOf(result: TestResult): Map<string, Lit> {
  const lights = new Map<string, Lit>();
  const light = (id: string | undefined, lit: Lit): void => {
    if (id && lights.get(id) !== "failed") lights.set(id, lit);
  };
  for (const { wire, from, to, problem } of result.steps) {
    light(wire, problem ? "failed" : "lit");
    light(placeOf(from).node, "past");
    light(placeOf(to).node, "past");
  }
  // Steps are told up to a number; wires are counted for all.
  for (const wire of Object.keys(result.wires)) if (!lights.has(wire)) light(wire, "lit");
  for (const [node, { failed }] of heldOf(result)) light(node, failed > 0 ? "failed" : "lit");
  return lights;
}

/** Expectations by the node they are about. */
export function heldOf(result: TestResult): Map<string, Held> {
  const found = new Map<string, Held>();
  for (const { at, held } of result.findings) {
    if (at === "reply") continue;
    const { node } = placeOf(at);
    const before = found.get(node) ?? { held: 0, failed: 0 };
    found.set(node, { held: before.held + Number(held), failed: before.failed + Number(!held) });
  }
  return found;
}
