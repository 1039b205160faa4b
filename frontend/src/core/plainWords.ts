import type { Graph } from "./graph";

/** `<project>.<module>.<component>-<node id>`: the name a node has on the cluster. */
const RESOURCE_NAME = /\b[a-z0-9-]+\.[a-z0-9-]+\.[a-z0-9-]+-([a-z][a-z0-9]{11})\b/g;

/** A message of the cluster in the person's words: nodes of this flow by their labels. */
export function plainWords(message: string, { nodes }: Graph): string {
  return message.replace(RESOURCE_NAME, (name: string, id: string) => {
    const label = nodes.get(id)?.label;
    return label ? `“${label}”` : name;
  });
}
