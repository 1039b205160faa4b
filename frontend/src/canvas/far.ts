import { overlap, type Point, type Rect } from "../core/geometry";
import type { EditorHandle, Selection } from "../core/editorTypes";
import { isBorder } from "../core/groups/borderIds";
import { membersOf } from "../core/groups/frames";
import type { Graph } from "../core/graph";
import type { Scene } from "../core/scene";
import type { FlowGroup } from "../core/types";
import { LEAST_TITLE, TITLE_GAP } from "./farFrames";

/** What can be taken hold of in the overview, where nothing is an element of the page. */
export interface Found {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

/** The line of a title above its frame, and the mean width of its letters, px of the screen. */
const TITLE_LINE = 22;
const LETTER = 8;

const NOTHING: Found = { nodes: [], edges: [] };

/**
 * The card at a point of the flow, which may be a dot that is hard to meet; else the wire that passes within `reach`
 * of it. Of several cards it is the last one made.
 */
export function findAt(scene: Scene, editor: EditorHandle, at: Point, reach: number): Found {
  const card =
    latest(scene, scene.cards.within(around(at, 0))) ??
    latest(scene, scene.cards.within(around(at, reach / 2)));
  if (card !== undefined) return { nodes: nodesOf(editor, card), edges: [] };
  let nearest = reach;
  let wire: string | undefined;
  for (const id of scene.wires.within(around(at, reach))) {
    const distance = distanceTo(scene, id, at);
    if (distance > nearest) continue;
    nearest = distance;
    wire = id;
  }
  return wire === undefined ? NOTHING : { nodes: [], edges: [wire] };
}

/** The group whose title is drawn at a point; `px` are flow px in one px of the screen. */
export function titledAt({ groups }: Graph, { x, y }: Point, px: number): FlowGroup | null {
  let found: FlowGroup | null = null;
  for (const group of groups.values()) {
    if (group.collapsed || group.width < LEAST_TITLE * px) continue;
    const letters = (group.name || "Group").length;
    const width = Math.min(group.width, (letters * LETTER + 2 * TITLE_GAP) * px);
    const isIn = x >= group.x && x <= group.x + width && y <= group.y && y >= group.y - TITLE_LINE * px;
    if (isIn) found = group;
  }
  return found;
}

/** Cards that an area touches, and the wires between them and others, as near by. */
export function findIn(scene: Scene, editor: EditorHandle, area: Rect): Found {
  const edges = new Set<string>();
  const nodes: string[] = [];
  for (const id of scene.cards.within(area)) {
    const card = scene.card(id);
    // A comment below a card is not part of it.
    if (!card || !overlap(area, { ...card.rect, height: card.layout.height })) continue;
    nodes.push(...nodesOf(editor, id));
    for (const edge of scene.edgesAt(id)) edges.add(edge);
  }
  return { nodes, edges: [...edges] };
}

/** What is selected after a click: what was found alone, or with a key held added or taken out. */
export function clicked({ nodes, edges }: Selection, found: Found, adding: boolean): Found {
  if (!adding) return found;
  return { nodes: toggled(nodes, found.nodes), edges: toggled(edges, found.edges) };
}

function toggled(before: ReadonlySet<string>, ids: readonly string[]): string[] {
  const isIn = ids.length > 0 && ids.every((id) => before.has(id));
  return isIn ? [...before].filter((id) => !ids.includes(id)) : [...new Set([...before, ...ids])];
}

/** A collapsed group is selected by its nodes. */
function nodesOf(editor: EditorHandle, card: string): string[] {
  if (isBorder(card)) return [];
  if (!editor.graph.groups.has(card)) return [card];
  return membersOf(editor.graph, card).map(({ id }) => id);
}

function around({ x, y }: Point, reach: number): Rect {
  return { x: x - reach, y: y - reach, width: 2 * reach, height: 2 * reach };
}

function latest(scene: Scene, ids: readonly string[]): string | undefined {
  let found: string | undefined;
  let last = -1;
  for (const id of ids) {
    const order = scene.card(id)?.order ?? -1;
    if (order > last) [found, last] = [id, order];
  }
  return found;
}

/** From a point to the straight line as which a wire is drawn. */
function distanceTo(scene: Scene, wire: string, { x, y }: Point): number {
  const edge = scene.edge(wire);
  const source = edge && scene.card(edge.source);
  const target = edge && scene.card(edge.target);
  if (!source || !target) return Infinity;
  const [fromX, fromY] = [source.node.x + source.layout.width, source.node.y + source.layout.height / 2];
  const [toX, toY] = [target.node.x, target.node.y + target.layout.height / 2];
  const [dx, dy] = [toX - fromX, toY - fromY];
  const along = ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy || 1);
  const part = Math.min(1, Math.max(0, along));
  return Math.hypot(x - fromX - part * dx, y - fromY - part * dy);
}
