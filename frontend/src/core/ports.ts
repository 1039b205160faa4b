import { findComponent } from "./catalogue";
import { isSystemPort } from "./geometry";
import type { Catalogue, FlowNode, LiveFrame, Port } from "./types";

const NO_PORTS: readonly Port[] = [];

/** Ports of nodes that have others than their component announces, such as a router's conditions; by node id. */
export type OwnPorts = ReadonlyMap<string, readonly Port[]>;

/** The same map when the frame says nothing new about ports, so that nothing is drawn again for it. */
export function takePorts(now: OwnPorts, frame: Pick<LiveFrame, "full" | "nodes">): OwnPorts {
  const next = new Map(frame.full ? [] : now);
  for (const [id, { ports }] of Object.entries(frame.nodes)) {
    if (ports === undefined) continue;
    if (ports === null) next.delete(id);
    else next.set(id, same(now.get(id), ports));
  }
  const unchanged = next.size === now.size && [...next].every(([id, ports]) => now.get(id) === ports);
  return unchanged ? now : next;
}

const merged = new WeakMap<readonly Port[], { component: readonly Port[]; ports: readonly Port[] }>();

/**
 * A node's ports: its own where it has any, beside the system ports of its component (settings and controls),
 * which a node's own list may leave out. Those that the component has, too, stand first, as its author has them: a
 * node tells its own by their names. The same array for the same inputs.
 */
export function portsOf(catalogue: Catalogue, own: OwnPorts, node: FlowNode): readonly Port[] {
  const component = findComponent(catalogue, node.module, node.component)?.ports ?? NO_PORTS;
  const mine = own.get(node.id);
  if (!mine) return component;
  const known = merged.get(mine);
  if (known?.component === component) return known.ports;
  const rest = component.filter(({ name }) => isSystemPort(name) && !mine.some((port) => port.name === name));
  const ports = [...rest, ...inOrder(mine, component)];
  merged.set(mine, { component, ports });
  return ports;
}

function inOrder(mine: readonly Port[], component: readonly Port[]): readonly Port[] {
  const places = new Map(component.map(({ name }, place) => [name, place]));
  const place = ({ name }: Port): number => places.get(name) ?? component.length;
  return [...mine].sort((one, other) => place(one) - place(other));
}

export function findPort(ports: readonly Port[], name: string, source: boolean): Port | undefined {
  return ports.find((port) => port.name === name && port.source === source);
}

/** A reconnect repeats what is known; keeping the old array keeps what was made from it. */
function same(now: readonly Port[] | undefined, next: readonly Port[]): readonly Port[] {
  return now && JSON.stringify(now) === JSON.stringify(next) ? now : next;
}
