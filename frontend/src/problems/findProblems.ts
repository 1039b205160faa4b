import { cardState } from "../core/cardState";
import { isModuleAvailable, findComponent } from "../core/catalogue";
import type { Verdict } from "../core/types";
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

/** Nobody reads more; mended ones make room. */
const MOST = 500;

/** What is wrong anywhere in the flow: first nodes, then wires, in the order of the document. */
export function findProblems({ editor, live, checks }: OpenFlow): Found {
  const { nodes, edges } = editor.graph;
  const catalogue = editor.catalogue.get();
  const troubles: Trouble[] = [];
  let total = 0;
  const found = (trouble: Trouble): void => {
    total += 1;
    if (troubles.length < MOST) troubles.push(trouble);
  };
  for (const node of nodes.values()) {
    const entry = live.node(node.id);
    const component = findComponent(catalogue, node.module, node.component);
    const catalogueRead = catalogue.components.length > 0;
    const moduleAvailable = isModuleAvailable(catalogue, node.module);
    const { problem } = cardState(node, entry, { component, catalogueRead, moduleAvailable });
    if (!problem) continue;
    const kind = entry?.push?.state === "failed" && problem === entry.push.problem ? "push" : "running";
    const inSettings = problem.port === undefined || problem.port === "_settings";
    found({
      key: `${node.id} ${kind}`,
      id: node.id,
      kind,
      name: node.label || component?.title || node.component,
      message: problem.message,
      ...(problem.field !== undefined && inSettings && !problem.edge ? { field: problem.field } : {}),
    });
  }
  const nameOf = (id: string): string => nodes.get(id)?.label || nodes.get(id)?.component || "";
  for (const edge of edges.values()) {
    const name = `${nameOf(edge.source)} → ${nameOf(edge.target)}`;
    const error = live.edge(edge.id)?.error;
    if (error) {
      const field = error.field === undefined ? {} : { field: error.field };
      found({
        key: `${edge.id} running`,
        id: edge.id,
        kind: "running",
        name,
        message: error.message,
        ...field,
      });
    }
    const verdict = checks.verdict(edge.id);
    if (verdict?.outcome === "invalid" && !error) {
      found({ key: `${edge.id} mapping`, id: edge.id, kind: "mapping", name, ...misfit(verdict) });
    }
  }
  return { troubles, total };
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
