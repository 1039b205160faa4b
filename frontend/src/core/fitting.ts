import { canConnect } from "./connect";
import { isSystemPort } from "./geometry";
import type { Component, Port } from "./types";

/** A port of a node from which a wire is drawn to something that is not there yet. */
export interface LooseEnd {
  readonly node: string;
  readonly port: Port;
}

export interface Fit {
  readonly end: LooseEnd;
  /** The port of the new node. */
  readonly port: Port;
}

/**
 * How a new node of a component can be wired with one of these ports: the first of them that any of the component's
 * ports fits, by the rule that holds for every wire. A port with a schema goes before one that takes anything, for
 * it says that it is meant for this.
 */
export function fit(ends: readonly LooseEnd[], { ports }: Pick<Component, "ports">): Fit | undefined {
  for (const end of ends) {
    const fitting = ports.filter((port) => !isSystemPort(port.name) && fits(end.port, port));
    const port = fitting.find(({ schema }) => schema !== null) ?? fitting[0];
    if (port) return { end, port };
  }
  return undefined;
}

function fits(from: Port, to: Port): boolean {
  if (from.source === to.source) return false;
  const [source, target] = from.source ? [from, to] : [to, from];
  return canConnect(source.schema, target.schema).ok;
}
