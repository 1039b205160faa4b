import type { Graph } from "./graph";
import type { TapPort } from "./types";

/** What debug nodes are, whatever module they come from. */
const DEBUG_COMPONENT = "debug";

/** The inputs of the flow's debug nodes: whatever is led there is to be looked at. */
export function debugPorts({ nodes }: Graph): TapPort[] {
  const found: TapPort[] = [];
  for (const { id, component } of nodes.values()) if (component === DEBUG_COMPONENT) found.push([id, "in"]);
  return found;
}

/** The port at which a wire's messages are seen as they are sent. */
export function portOfWire({ edges }: Graph, id: string): TapPort | null {
  const edge = edges.get(id);
  return edge ? [edge.source, edge.source_port] : null;
}
