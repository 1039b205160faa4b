import type { Component, NodeLive, Port } from "../../core/types";

/** A node's control panel: its own where it has one, such as a form, whose fields are its settings, else its component's. */
export function panelOf(component: Component | undefined, live: NodeLive | undefined): Port | undefined {
  return [...(live?.ports ?? []), ...(component?.ports ?? [])].find(({ name }) => name === "_control");
}
