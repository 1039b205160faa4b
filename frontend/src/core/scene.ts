import { CardLayouts, wiredKey } from "./cardLayouts";
import type { Drawn } from "./groups/drawing";
import { seenFrames } from "./groups/frames";
import { bounds, heightWithNote, inflate, type CardLayout, type Rect, type WiredPort } from "./geometry";
import type { Graph } from "./graph";
import { RectIndex } from "./rectIndex";
import type { OwnPorts } from "./ports";
import type { Listener, Unsubscribe } from "./store";
import type { FlowEdge, FlowNode } from "./types";

/** How far a wire's curve may lie outside of the rectangle around its two cards. */
const CURVE = 120;

/** A card: its node, and where and how large it is. */
export interface SceneCard {
  readonly node: FlowNode;
  readonly layout: CardLayout;
  /** Keys of its wired ports, one a line. */
  readonly wired: string;
  /** The card with the comment that hangs below it. */
  readonly rect: Rect;
  /** Cards keep the order in which they came: who walks by Tab goes through them as they were made. */
  readonly order: number;
}

/**
 * Where everything on the canvas is, without asking the page: cards and wires by what touches an area. A change
 * of the flow costs what it touches, in a flow of ten nodes or of ten thousand.
 */
export class Scene {
  readonly cards = new RectIndex();
  readonly wires = new RectIndex();
  /** Another number after every change. */
  version = 0;
  private readonly placed = new Map<string, SceneCard>();
  private readonly edges = new Map<string, FlowEdge>();
  private readonly wiresAt = new Map<string, Set<string>>();
  private readonly layouts = new CardLayouts();
  private readonly listeners = new Set<Listener>();
  private ownPorts: OwnPorts;
  private readOf: Graph | null = null;
  private next = 0;
  private around: { version: number; rect: Rect | null } = { version: -1, rect: null };

  constructor(private readonly editor: Drawn) {
    this.ownPorts = editor.ownPorts.get();
    this.readAll();
  }

  /** Follows the editor until the answer is called. */
  follow(): Unsubscribe {
    // Between being made and following, the flow may have changed; mostly it has not.
    if (this.readOf !== this.editor.graph) this.readAll();
    this.takeOwnPorts();
    const stops = [
      this.editor.subscribe((touched) => this.take(touched)),
      this.editor.catalogue.subscribe(() => this.readAll()),
      this.editor.ownPorts.subscribe(() => this.takeOwnPorts()),
    ];
    return () => stops.forEach((stop) => stop());
  }

  card(id: string): SceneCard | undefined {
    return this.placed.get(id);
  }

  all(): Iterable<SceneCard> {
    return this.placed.values();
  }

  edge(id: string): FlowEdge | undefined {
    return this.edges.get(id);
  }

  allEdges(): Iterable<FlowEdge> {
    return this.edges.values();
  }

  /** Ids of the wires that start or end at the node. */
  edgesAt(node: string): Iterable<string> {
    return this.wiresAt.get(node) ?? [];
  }

  /** Around all cards, and the frames and notes beside them; null when there is no card. */
  bounds(): Rect | null {
    if (this.around.version !== this.version) {
      const all = this.cards.size > 0 ? [...this.cards.rects(), ...seenFrames(this.editor.graph)] : [];
      this.around = { version: this.version, rect: bounds(all) };
    }
    return this.around.rect;
  }

  /** Woken after every change. */
  subscribe = (listener: Listener): Unsubscribe => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private readAll(): void {
    const { nodes, edges } = (this.readOf = this.editor.graph);
    this.take(new Set([...this.placed.keys(), ...this.edges.keys(), ...nodes.keys(), ...edges.keys()]));
  }

  private takeOwnPorts(): void {
    const before = this.ownPorts;
    const after = (this.ownPorts = this.editor.ownPorts.get());
    const ids = [...before.keys(), ...after.keys()].filter((id) => before.get(id) !== after.get(id));
    if (ids.length > 0) this.take(new Set(ids));
  }

  /** Looks again at these nodes and edges. */
  private take(touched: ReadonlySet<string>): void {
    const { nodes, edges } = this.editor.graph;
    const near = new Set<string>();
    for (const id of touched) {
      if (nodes.has(id) || this.placed.has(id)) near.add(id);
      const now = edges.get(id);
      const before = this.edges.get(id);
      if (now === before) continue;
      for (const end of [before?.source, before?.target, now?.source, now?.target]) if (end) near.add(end);
      this.wire(id, now, before);
    }
    const wires = new Set<string>();
    for (const id of near) {
      if (!this.place(id)) continue;
      for (const wire of this.edgesAt(id)) wires.add(wire);
    }
    for (const id of touched) if (this.edges.has(id)) wires.add(id);
    for (const id of wires) this.placeWire(id);
    this.version += 1;
    for (const listener of [...this.listeners]) listener();
  }

  private wire(id: string, now: FlowEdge | undefined, before: FlowEdge | undefined): void {
    if (before) for (const end of [before.source, before.target]) this.wiresAt.get(end)?.delete(id);
    if (!now) {
      this.edges.delete(id);
      this.wires.delete(id);
      return;
    }
    this.edges.set(id, now);
    for (const end of [now.source, now.target]) {
      const at = this.wiresAt.get(end);
      if (at) at.add(id);
      else this.wiresAt.set(end, new Set([id]));
    }
  }

  /** Whether the card stands elsewhere, or is another. */
  private place(id: string): boolean {
    const node = this.editor.graph.nodes.get(id);
    const before = this.placed.get(id);
    if (!node) {
      this.placed.delete(id);
      this.cards.delete(id);
      if (this.wiresAt.get(id)?.size === 0) this.wiresAt.delete(id);
      return before !== undefined;
    }
    const ports = this.wiredPorts(id);
    const wired = [...ports.keys()].join("\n");
    const layout = this.layouts.get(this.editor.portsOf(id), [...ports.values()]);
    if (before && before.node === node && before.layout === layout && before.wired === wired) return false;
    const size = { width: layout.width, height: heightWithNote(layout, node.comment) };
    const rect = { x: node.x, y: node.y, ...size };
    this.placed.set(id, { node, layout, wired, rect, order: before?.order ?? this.next++ });
    this.cards.set(id, rect);
    return true;
  }

  private wiredPorts(node: string): Map<string, WiredPort> {
    const ports = new Map<string, WiredPort>();
    for (const id of this.edgesAt(node)) {
      const edge = this.edges.get(id);
      if (edge?.source === node) ports.set(wiredKey(outputOf(edge)), outputOf(edge));
      if (edge?.target === node) ports.set(wiredKey(inputOf(edge)), inputOf(edge));
    }
    return ports;
  }

  private placeWire(id: string): void {
    const edge = this.edges.get(id);
    const source = edge && this.placed.get(edge.source);
    const target = edge && this.placed.get(edge.target);
    const rect = source && target ? bounds([source.rect, target.rect]) : null;
    if (rect) this.wires.set(id, inflate(rect, CURVE));
    else this.wires.delete(id);
  }
}

function outputOf({ source_port: name }: FlowEdge): WiredPort {
  return { name, source: true };
}

function inputOf({ target_port: name }: FlowEdge): WiredPort {
  return { name, source: false };
}
