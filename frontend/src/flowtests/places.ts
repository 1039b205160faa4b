import type { EditorHandle } from "../core/editorTypes";
import { isSystemPort } from "../core/geometry";
import type { Graph } from "../core/graph";
import { answersOf, givensOf, placeOf } from "./parts";
import type { TestBody } from "./types";

/** A node's name as people see it, with the port where one is named. */
export function nameOf(at: string | undefined, { nodes }: Graph): string {
  const { node, port } = placeOf(at);
  const name = nodes.get(node)?.label || nodes.get(node)?.component || node;
  return port === "" ? name : `${name} · ${port}`;
}

const PLACE = /\b([a-z][a-z0-9]{11})\b(?:\.([\w-]+))?/g;

/** A sentence of the runner, which knows nodes by their ids, with what they are called. */
export function inNames(text: string, graph: Graph): string {
  return text.replace(PLACE, (whole: string, node: string) =>
    graph.nodes.has(node) ? `“${nameOf(whole, graph)}”` : whole,
  );
}

/** An input where something is likely to be expected: the nearest behind what is given, of which nothing is expected yet. */
export function nextInput(body: TestBody, { edges }: Graph): string {
  const given = givensOf(body).map(({ at }) => at);
  const taken = new Set([...given, ...body.expect.map(({ at }) => at)]);
  const left = [...given];
  const seen = new Set(left);
  for (let at = left.shift(); at !== undefined; at = left.shift()) {
    const { node, port } = placeOf(at);
    const leaving = [...edges.values()].filter(({ source }) => source === node);
    const along = leaving.filter(({ source_port }) => source_port === port);
    for (const { target, target_port } of along.length > 0 ? along : leaving) {
      const input = `${target}.${target_port}`;
      if (!taken.has(input)) return input;
      if (!seen.has(input)) left.push(input);
      seen.add(input);
    }
  }
  return given[0] ?? "";
}

/** An output that answers nothing yet, where it is likely: of the node, or what is selected, or that begins no test. */
export function freeOutput(body: TestBody, editor: EditorHandle, wanted?: string): string {
  const given = givensOf(body).map(({ at }) => at);
  const taken = new Set([...answersOf(body).map(({ at }) => at), ...given]);
  const nodes = [...(wanted ? [wanted] : []), ...editor.selection.get().nodes, ...editor.graph.nodes.keys()];
  for (const node of nodes) {
    const port = editor.portsOf(node).find(({ name, source }) => source && !isSystemPort(name));
    if (port && !taken.has(`${node}.${port.name}`)) return `${node}.${port.name}`;
  }
  return given[0] ?? "";
}
