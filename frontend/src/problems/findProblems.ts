import { cardState } from "../core/cardState";
import { isModuleAvailable, findComponent } from "../core/catalogue";
import type { FlowEdge, FlowNode, Problem, Verdict } from "../core/types";
import type { OpenFlow } from "../live/context";

/** Where a problem comes from: what runs, the way to the cluster, or a mapping that does not fit. */
export type TroubleKind = "running" | "push" | "mapping";

export interface Trouble {
  /** The same problem has the same key every time it is looked for. */
  readonly key: string;
  /** The node or wire. */
  readonly id: string;
  readonly kind: TroubleKind;
  readonly name: string;
  readonly message: string;
  /** JSON pointer into the settings or the mapping. */
  readonly field?: string;
}

export interface Found {
  readonly troubles: readonly Trouble[];
  /** With those past the limit. */
  readonly total: number;
}

/** What is wrong with a node. */
export function nodeTroubles({ editor, live }: OpenFlow, node: FlowNode): Trouble[] {
  const catalogue = editor.catalogue.get();
  const entry = live.node(node.id);
  const component = findComponent(catalogue, node.module, node.component);
  const catalogueRead = catalogue.components.length > 0;
  const moduleAvailable = isModuleAvailable(catalogue, node.module);
  const { problem } = cardState(node, entry, { component, catalogueRead, moduleAvailable });
  if (!problem) return [];
  const kind = entry?.push?.state === "failed" && problem === entry.push.problem ? "push" : "running";
  const inSettings = problem.port === undefined || problem.port === "_settings";
  const field = inSettings && !problem.edge ? fieldOf(problem) : {};
  const name = node.label || component?.title || node.component;
  return [{ key: `${node.id} ${kind}`, id: node.id, kind, name, message: problem.message, ...field }];
}

/** What is wrong with a wire: what happens on it, else what its mapping would make happen. */
export function edgeTroubles({ editor, live, checks }: OpenFlow, edge: FlowEdge): Trouble[] {
  const { id } = edge;
  const error = live.edge(id)?.error;
  const verdict = checks.verdict(id);
  if (!error && verdict?.outcome !== "invalid") return [];
  const nameOf = (end: string): string => {
    const node = editor.graph.nodes.get(end);
    return node?.label || node?.component || "";
  };
  const name = `${nameOf(edge.source)} → ${nameOf(edge.target)}`;
  if (error) {
    return [{ key: `${id} running`, id, kind: "running", name, message: error.message, ...fieldOf(error) }];
  }
  return verdict ? [{ key: `${id} mapping`, id, kind: "mapping", name, ...misfit(verdict) }] : [];
}

function fieldOf({ field }: Problem): { field?: string } {
  return field === undefined ? {} : { field };
}

/** Why a mapping does not fit, and the field of the first reason. */
function misfit({ findings }: Verdict): { message: string; field?: string } {
  const reasons = findings.filter(({ level }) => level === "invalid");
  const [first] = reasons;
  if (!first) return { message: "This mapping does not fit" };
  const more = reasons.length > 1 ? ` (and ${String(reasons.length - 1)} more)` : "";
  return { message: `${first.message}${more}`, field: first.field };
}

/** The same list again is the same object: nothing to draw. */
export function keepSame(before: Found, now: Found): Found {
  const same =
    before.total === now.total &&
    before.troubles.length === now.troubles.length &&
    now.troubles.every((trouble, index) => {
      const old = before.troubles[index];
      return old?.key === trouble.key && old.message === trouble.message && old.name === trouble.name;
    });
  return same ? before : now;
}
