import type { ContentsAnswer } from "../core/contents";
import { newUuid } from "../core/ids";
import { Cell } from "../core/store";
import type { FlowDocument } from "../core/types";
import { Checks } from "../live/checks";
import type { OpenFlow } from "../live/context";
import { shownPast, type Past } from "../live/past";
import { LiveStore } from "../live/store";
import { DiffMark } from "./DiffMark";
import { paintDiffers } from "./paintDiffers";
import { PastEditor } from "./pastEditor";
import type { Diff, VersionApi } from "./types";
import { marksOf, unionOf } from "./union";

/** The comparison that is looked at, and at which of its differences; null: none. */
export const compared = new Cell<{ readonly diff: Diff; readonly at: number } | null>(null);
/** The state that is looked at by itself, by its reference; null: none. */
export const opened = new Cell<string | null>(null);

/** Shows a state of the past in the place of the flow. Rejects with what the server says. */
export async function openPast(present: OpenFlow, api: VersionApi, ref: string): Promise<void> {
  const document = await api.open(ref);
  await show(present, document, (nodes, edges) => api.contents(ref, nodes, edges), document.past.name, null);
  opened.set(ref);
}

/** Shows what is different in `b` from `a`. Rejects with what the server says. */
export async function openDiff(present: OpenFlow, api: VersionApi, a: string, b: string): Promise<void> {
  const [diff, later] = await Promise.all([api.diff(a, b), api.open(b)]);
  const gone = new Set(diff.items.flatMap((item) => (item.outcome === "removed" ? [item.id] : [])));
  const read = async (nodes: readonly string[], edges: readonly string[]): Promise<ContentsAnswer> => {
    const was = (id: string): boolean => gone.has(id);
    const is = (id: string): boolean => !gone.has(id);
    const ask = (ref: string, which: (id: string) => boolean) => {
      const some = [nodes.filter(which), edges.filter(which)] as const;
      return some[0].length + some[1].length > 0 ? api.contents(ref, ...some) : null;
    };
    const [now, then] = await Promise.all([ask(b, is), ask(a, was)]);
    return {
      rev: later.flow.rev,
      nodes: { ...now?.nodes, ...then?.nodes },
      edges: { ...now?.edges, ...then?.edges },
      left: [...(now?.left ?? []), ...(then?.left ?? [])],
    };
  };
  await show(present, unionOf(later, diff), read, `From ${diff.a.name} to ${diff.b.name}`, diff);
  compared.set({ diff, at: -1 });
}

/** Looks at one difference by its place in the list, round in a circle. */
export function goTo(place: number): void {
  const now = compared.get();
  if (!now || now.diff.items.length === 0) return;
  const { length } = now.diff.items;
  const at = ((place % length) + length) % length;
  compared.set({ ...now, at });
  const item = now.diff.items[at];
  if (item) shownPast.get()?.flow.editor.reveal(item.id);
}

async function show(
  present: OpenFlow,
  document: FlowDocument,
  contents: (nodes: readonly string[], edges: readonly string[]) => Promise<ContentsAnswer>,
  title: string,
  diff: Diff | null,
): Promise<void> {
  const editor = new PastEditor(present.editor, document, contents);
  await editor.open();
  close();
  const past: Past = {
    key: newUuid(),
    title,
    present,
    flow: {
      editor,
      live: new LiveStore(),
      checks: new Checks(() => Promise.reject(new Error("The past is not checked."))),
      runs: present.runs,
    },
    differs: diff ? marksOf(diff) : new Map(),
    Mark: DiffMark,
    paint: paintDiffers,
    step: (by) => {
      const at = compared.get()?.at ?? -1;
      goTo(at === -1 && by === -1 ? -1 : at + by);
    },
    back: close,
  };
  shownPast.set(past);
}

function close(): void {
  const past = shownPast.get();
  shownPast.set(null);
  compared.set(null);
  opened.set(null);
  past?.flow.editor.close();
}
