import type { Component } from "../core/types";

const known = new WeakMap<Component, boolean>();

/** Whether the author wants the node's line to be read from afar: a reading of its panel stands on the card. */
export function showsFigure(component: Component | undefined): boolean {
  if (component === undefined) return false;
  let shows = known.get(component);
  if (shows === undefined) {
    const schema = component.ports.find(({ name }) => name === "_control")?.schema;
    const fields: unknown[] = Object.values(schema?.["properties"] ?? {});
    shows = fields.some((field) => isReading(field) && field.card === true);
    known.set(component, shows);
  }
  return shows;
}

function isReading(field: unknown): field is { card?: unknown } {
  return typeof field === "object" && field !== null && "readonly" in field && field.readonly === true;
}
