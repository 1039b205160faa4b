import { canConnect, defaultMapping } from "../core/connect";
import { mappingOf } from "../core/contents";
import type { EditorHandle } from "../core/editorTypes";
import { isSystemPort } from "../core/geometry";
import { newUuid } from "../core/ids";
import { findPort } from "../core/ports";
import type { FlowEdge, Op, Port } from "../core/types";
import { carryMapping, named, type Carried } from "./mapping";

/** The two ports by which a node would stand in a wire, and what becomes of the wire's mapping behind it. */
export interface Fit {
  readonly input: Port;
  readonly output: Port;
  readonly carried: Carried;
}

export type Fitting =
  { readonly ok: true; readonly fit: Fit } | { readonly ok: false; readonly reason: string };

/** How a node with these ports fits into a wire: of all pairs that do, the one that keeps most of its mapping, as far as that is loaded. */
export function fitOnWire(editor: EditorHandle, edge: FlowEdge, ports: readonly Port[]): Fitting {
  const usable = ports.filter(({ name }) => !isSystemPort(name));
  const inputs = usable.filter(({ source }) => !source);
  const outputs = usable.filter(({ source }) => source);
  if (inputs.length === 0) return no("It has no input, so it cannot stand in a wire.");
  if (outputs.length === 0) return no("It has no output, so it cannot stand in a wire.");
  const from = findPort(editor.portsOf(edge.source), edge.source_port, true)?.schema ?? null;
  const to = findPort(editor.portsOf(edge.target), edge.target_port, false)?.schema ?? null;
  const into = inputs.filter(({ schema }) => canConnect(from, schema).ok);
  const firstInput = into[0];
  if (!firstInput) return no(reasonOf(canConnect(from, inputs[0]?.schema ?? null)));
  const best = bestOf(firstInput, outputs, edge, to);
  if (!best) return no(reasonOf(canConnect(outputs[0]?.schema ?? null, to)));
  const input = into.reduce((one, other) => (worth(from, other) > worth(from, one) ? other : one));
  return { ok: true, fit: { ...best, input } };
}

/** Operations that put the node into the wire: one batch with the node's own, and one step to undo. */
export function insertOps(
  editor: EditorHandle,
  edge: FlowEdge,
  node: string,
  { input, output, carried }: Fit,
): Op[] {
  const from = findPort(editor.portsOf(edge.source), edge.source_port, true)?.schema ?? null;
  const { source, source_port, target, target_port } = edge;
  return [
    { op: "delete_edge", id: edge.id },
    {
      op: "add_edge",
      id: newUuid(),
      ...{ source, source_port, target: node, target_port: input.name },
      mapping: defaultMapping(from, input.schema),
    },
    {
      op: "add_edge",
      id: newUuid(),
      ...{ source: node, source_port: output.name, target, target_port },
      mapping: carried.mapping,
    },
  ];
}

/** Says which fields of a mapping were lost on the way, if any. */
export function sayDropped(
  editor: EditorHandle,
  what: string,
  node: string,
  dropped: readonly string[],
): void {
  if (dropped.length === 0) return;
  const message = `${what}: ${named(dropped)} of the mapping could not be kept, because what it took is not sent here. Map it again.`;
  editor.notify({ code: "mapping_changed", message, node }, "warning");
}

function bestOf(input: Port, outputs: readonly Port[], edge: FlowEdge, to: Port["schema"]): Fit | null {
  const fits = outputs
    .filter(({ schema }) => canConnect(schema, to).ok)
    .map((output): Fit => ({
      input,
      output,
      carried: carryMapping(mappingOf(edge) ?? {}, output.schema, to),
    }));
  const cost = ({ output, carried }: Fit) => carried.dropped.length * 2 + (output.name === "error" ? 1 : 0);
  return fits.sort((one, other) => cost(one) - cost(other))[0] ?? null;
}

/** How many fields are mapped by their names alone. */
function worth(from: Port["schema"], { schema }: Port): number {
  return Object.keys(defaultMapping(from, schema)).length;
}

function no(reason: string): Fitting {
  return { ok: false, reason };
}

function reasonOf(verdict: ReturnType<typeof canConnect>): string {
  return verdict.ok ? "Its ports do not fit this wire." : verdict.reason;
}
