import type { Graph } from "./graph";
import { deepFields, describeTypes, fieldsOf, fits, isOpen, type Field } from "./schema";
import type { Json, JsonObject, Port, Schema } from "./types";

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly reason: string };

const YES: Verdict = { ok: true };

export interface WireEnds {
  readonly source: string;
  readonly source_port: string;
  readonly target: string;
  readonly target_port: string;
}

/** Whether a wire may run between two ports of the graph. */
export function canWire(graph: Graph, ends: WireEnds, from: Port | undefined, to: Port | undefined): Verdict {
  if (!from || !to) return no("One of the two ports does not exist on its node.");
  if (!from.source) return no(`${from.label || from.name} is an input. A wire starts at an output.`);
  if (to.source) return no(`${to.label || to.name} is an output. A wire ends at an input.`);
  for (const edge of graph.edges.values()) {
    const same =
      edge.source === ends.source &&
      edge.source_port === ends.source_port &&
      edge.target === ends.target &&
      edge.target_port === ends.target_port;
    if (same) return no("These two ports are wired already.");
  }
  return canConnect(from.schema, to.schema);
}

/**
 * Whether every required field of the target can be produced from the source's message: by a field of the
 * source that fits, by a default, or by a literal where a person may write one (a scalar that is
 * `configurable`). A side without a schema says nothing, so anything may pass.
 */
export function canConnect(source: Schema | null, target: Schema | null): Verdict {
  if (!source || !target || isOpen(source) || isOpen(target)) return YES;
  const fields = fieldsOf(target, target);
  const offered: Field[] = [{ path: [], schema: source, required: true }, ...deepFields(source)];
  const fillers = (schema: Schema) => offered.some((field) => fits(field.schema, source, schema, target));
  if (fields.length === 0) {
    if (fillers(target)) return YES;
    return no(
      `It takes ${describeTypes(target, target)}; the source sends ${describeTypes(source, source)}.`,
    );
  }
  for (const field of fields) {
    if (!field.required || hasValue(field.schema) || isLiteral(field.schema, target)) continue;
    if (!fillers(field.schema)) {
      const name = field.path.join(".");
      return no(
        `It needs ${name} (${describeTypes(field.schema, target)}), and nothing in the source's message fits.`,
      );
    }
  }
  return YES;
}

/** The mapping a new wire starts with: fields of equal name and fitting type. */
export function defaultMapping(source: Schema | null, target: Schema | null): JsonObject {
  if (!source || !target) return {};
  const offered = new Map(fieldsOf(source, source).map((field) => [field.path[0] as string, field]));
  const pairs: [string, Json][] = [];
  for (const wanted of fieldsOf(target, target)) {
    const name = wanted.path[0] as string;
    const field = offered.get(name);
    if (field && fits(field.schema, source, wanted.schema, target))
      pairs.push([name, `{{ ${member(name)} }}`]);
  }
  return Object.fromEntries(pairs);
}

/** JSONPath of a field of the message; names that are no identifiers are quoted. */
export function member(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `$.${name}` : `$[${JSON.stringify(name)}]`;
}

function hasValue(schema: Schema): boolean {
  return "default" in schema || "const" in schema;
}

function isLiteral(schema: Schema, root: Schema): boolean {
  if (schema["configurable"] !== true) return false;
  return ["string", "integer", "number", "boolean"].some((type) => fits({ type }, {}, schema, root));
}

function no(reason: string): Verdict {
  return { ok: false, reason };
}
