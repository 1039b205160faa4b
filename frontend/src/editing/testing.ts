import { Editor } from "../core/editor";
import { aNode, anEdge, aPort, FakeKeeper, FakeServer } from "../core/testing";
import type { Component, FlowEdge, FlowNode, Port, Schema } from "../core/types";

export const object = (...names: string[]): Schema => ({
  type: "object",
  properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
  required: names,
});

export function aComponent(name: string, ports: readonly Port[]): Component {
  const empty = { title: name, description: "", category: "", icon: "", tags: [] };
  return { module: "common-v1", name, ...empty, ports };
}

export const PASS = aComponent("debug", [aPort("in", false), aPort("out", true)]);

/** An open flow whose server answers by its own rules. */
export async function openFlow(
  nodes: FlowNode[],
  edges: FlowEdge[] = [],
  components: Component[] = [PASS],
  server = new FakeServer(nodes, edges),
) {
  const catalogue = () => Promise.resolve({ modules: [], components });
  const editor = new Editor({ ...server.api, catalogue }, new FakeKeeper());
  await editor.open();
  return { editor, server };
}

export { aNode, anEdge, aPort };

/** The wires of a flow as "source.port>target.port". */
export function wires(editor: Editor): string[] {
  return [...editor.graph.edges.values()]
    .map(
      ({ source, source_port, target, target_port }) => `${source}.${source_port}>${target}.${target_port}`,
    )
    .sort();
}

export function wireOf(editor: Editor, id: string): FlowEdge {
  const edge = editor.graph.edges.get(id);
  if (!edge) throw new Error(`There is no wire ${id}.`);
  return edge;
}
