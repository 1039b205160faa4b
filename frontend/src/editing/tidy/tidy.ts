import type { EditorHandle } from "../../core/editorTypes";
import { count } from "../../core/format";
import { GRID, HEAD_HEIGHT, layoutCard, type Point, type Rect } from "../../core/geometry";
import { cardOf } from "../../core/groups/fold";
import { frameAround, membersOf, notesIn } from "../../core/groups/frames";
import type { FlowGroup, FlowNode, Op, SetNote } from "../../core/types";
import { glide } from "../glide";
import { fullRect, selectedNodes } from "../rects";
import { layOut } from "./layOut";
import { noteOps } from "./noteOps";
import type { Layout, Places, Together } from "./types";

/** What takes longer is said to go on. */
const SAID_AFTER_MS = 500;

/** A collapsed group's card, as large as most are. */
const FOLDED = { width: 200, height: 160 };

/**
 * Lays the selected nodes out along their wires, or all of them where none or one is selected; groups stay
 * together and their frames go with them. One step to undo.
 * What somebody moved or deleted meanwhile is left as it is. `compute` is the worker, or a test's own.
 * Answers the cards that were laid out; none where nothing was done.
 */
export async function tidy(
  editor: EditorHandle,
  compute: (layout: Layout, signal: AbortSignal) => Promise<Places> = layOut,
): Promise<readonly string[]> {
  const selected = selectedNodes(editor);
  const nodes = selected.length > 1 ? selected : [...editor.graph.nodes.values()];
  if (nodes.length < 2) return [];
  const before = new Map(nodes.map((node) => [node.id, node]));
  let places: Places;
  const cancel = new AbortController();
  const done = sayWhileItTakes(editor, nodes.length, cancel);
  try {
    places = await compute(layoutOf(editor, nodes), cancel.signal);
  } catch (error) {
    if (cancel.signal.aborted) return [];
    const reason = error instanceof Error ? error.message : String(error);
    editor.notify({
      code: "tidy_failed",
      message: `Tidy: the layout was not made, because ${reason}. Try again.`,
    });
    return [];
  } finally {
    done();
  }
  const down = clearance(editor, before, places);
  const moved = new Map<string, FlowNode>();
  for (const [id, at] of places) {
    const node = editor.graph.nodes.get(id);
    const was = before.get(id);
    if (node && was && node.x === was.x && node.y === was.y)
      moved.set(id, { ...node, x: at.x, y: at.y + down });
  }
  const ops: Op[] = [];
  for (const { id, x, y } of moved.values()) {
    const node = editor.graph.nodes.get(id);
    if (node && (node.x !== x || node.y !== y)) ops.push({ op: "set_node", id, fields: { x, y } });
  }
  const noted = noteOps(editor, { before, moved, places, down });
  glide();
  editor.apply([...ops, ...frameOps(editor, moved, noted), ...noted], {
    label: `Tidy ${count(nodes.length, "node")}`,
  });
  return [...new Set(Array.from(moved.keys(), (id) => cardOf(editor.graph, id)))];
}

/** Says after a while that it goes on, with a way to end it; until the answer is called. */
function sayWhileItTakes(editor: EditorHandle, nodes: number, cancel: AbortController): () => void {
  let notice: string | undefined;
  const timer = setTimeout(() => {
    const message = `Tidying ${count(nodes, "node")} …`;
    editor.notify({ code: "tidying", message }, "info", { label: "Cancel", run: () => cancel.abort() });
    notice = editor.notices.get().find((one) => one.message === message)?.id;
  }, SAID_AFTER_MS);
  return () => {
    clearTimeout(timer);
    if (notice !== undefined) editor.dismiss(notice);
  };
}

/** Every group goes where its nodes have gone: an open one around them, a collapsed one by as much as they. */
function frameOps(
  editor: EditorHandle,
  moved: ReadonlyMap<string, FlowNode>,
  noted: readonly SetNote[],
): Op[] {
  const laid = new Map(noted.map(({ id, fields }) => [id, fields]));
  const touched = new Set(Array.from(moved.values(), ({ group }) => group));
  return [...editor.graph.groups.values()].flatMap((group): Op[] => {
    if (!touched.has(group.id)) return [];
    const members = membersOf(editor.graph, group.id);
    const frame = group.collapsed
      ? shifted(group, members, moved)
      : frameAround(
          editor,
          members.map((node) => moved.get(node.id) ?? node),
          notesIn(editor.graph, group.id).map((note) => ({ ...note, ...laid.get(note.id) })),
        );
    return frame ? [{ op: "set_group", id: group.id, fields: frame }] : [];
  });
}

function shifted(
  group: FlowGroup,
  members: readonly FlowNode[],
  moved: ReadonlyMap<string, FlowNode>,
): Point | null {
  const [first] = members;
  const now = first && moved.get(first.id);
  return first && now ? { x: group.x + now.x - first.x, y: group.y + now.y - first.y } : null;
}

/** Groups of which every node is laid out; of others the nodes go for themselves. */
function togetherOf(editor: EditorHandle, ids: ReadonlySet<string>): Together[] {
  return [...editor.graph.groups.values()].flatMap(({ id, collapsed, x, y }): Together[] => {
    const members = membersOf(editor.graph, id).map((node) => node.id);
    if (members.length === 0 || !members.every((member) => ids.has(member))) return [];
    const notes = notesIn(editor.graph, id).map(({ id: note, x, y, width, height }) => ({
      id: note,
      x,
      y,
      width,
      height,
    }));
    return [{ id, members, ...(collapsed ? { folded: { x, y, ...FOLDED } } : { notes }) }];
  });
}

function layoutOf(editor: EditorHandle, nodes: readonly FlowNode[]): Layout {
  const boxes = nodes.map((node) => ({ id: node.id, ...fullRect(editor, node) }));
  const ids = new Set(nodes.map(({ id }) => id));
  const heights = new Map<string, Map<string, number>>();
  for (const id of ids) {
    const { ports } = layoutCard(editor.portsOf(id));
    heights.set(id, new Map(ports.map(({ name, source, y }) => [portKey(name, source), y])));
  }
  const height = (id: string, port: string, source: boolean) =>
    heights.get(id)?.get(portKey(port, source)) ?? HEAD_HEIGHT / 2;
  const links = [...editor.graph.edges.values()]
    .filter(({ source, target }) => ids.has(source) && ids.has(target))
    .map(({ source, source_port, target, target_port }) => {
      return {
        source,
        target,
        out: height(source, source_port, true),
        into: height(target, target_port, false),
      };
    });
  return { boxes, links, groups: togetherOf(editor, ids) };
}

function portKey(name: string, source: boolean): string {
  return source ? `>${name}` : name;
}

/** How far down the whole has to go so that none of its cards lies on one that is not part of it. */
function clearance(editor: EditorHandle, part: ReadonlyMap<string, FlowNode>, places: Places): number {
  const mine: Rect[] = [];
  const others: Rect[] = [];
  for (const node of editor.graph.nodes.values()) {
    const rect = fullRect(editor, node);
    const at = places.get(node.id);
    if (at) mine.push({ ...rect, ...at });
    else if (!part.has(node.id)) others.push(rect);
  }
  let down = 0;
  // Each round passes the lowest card in the way, so there are at most as many as cards.
  for (let round = 0; round < others.length; round++) {
    const inTheWay = others.filter((other) =>
      mine.some((rect) => meet({ ...rect, y: rect.y + down }, other)),
    );
    if (inTheWay.length === 0) break;
    const bottom = Math.max(...inTheWay.map(({ y, height }) => y + height));
    const top = Math.min(...mine.map(({ y }) => y)) + down;
    down += Math.max(GRID, Math.ceil((bottom + GRID - top) / GRID) * GRID);
  }
  return down;
}

function meet(one: Rect, other: Rect): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}
