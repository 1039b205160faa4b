import { pressureOf } from "../core/pressure";
import type { Scene } from "../core/scene";
import type { Lit } from "../live/replay";
import type { LiveStore } from "../live/store";
import type { BoxStates } from "./boxStates";

/** Why a wire is drawn over the others: messages wait at its end, or it fails. */
export type WireMark = "high" | "full" | "failed";

/** What must be seen from any distance: failing cards, and wires that fail or are pressed. A change costs what it names. */
export class Marks {
  readonly cards = new Set<string>();
  readonly wires = new Map<string, WireMark>();

  constructor(
    private readonly scene: Scene,
    private readonly states: BoxStates,
    private readonly live: Pick<LiveStore, "edge">,
  ) {}

  /** Looks at the whole flow again. */
  refresh(): void {
    this.cards.clear();
    this.wires.clear();
    for (const { node } of this.scene.all()) this.lookAtCard(node.id);
    for (const { id } of this.scene.allEdges()) this.lookAtWire(id);
  }

  /** Looks at these nodes and wires; answers whether any of them is another thing to see. */
  update(ids: Iterable<string>): boolean {
    let changed = false;
    const cards = new Set<string>();
    for (const id of ids) {
      if (this.scene.edge(id)) changed = this.lookAtWire(id) || changed;
      else cards.add(this.states.cardOf(id));
    }
    for (const id of cards) changed = this.lookAtCard(id) || changed;
    return changed;
  }

  private lookAtCard(id: string): boolean {
    const card = this.scene.card(id);
    const fails = card !== undefined && this.states.of(card) === "error";
    if (fails === this.cards.has(id)) return false;
    if (fails) this.cards.add(id);
    else this.cards.delete(id);
    return true;
  }

  private lookAtWire(id: string): boolean {
    const entry = this.live.edge(id);
    const pressure = pressureOf(entry);
    const mark = entry?.error ? "failed" : pressure === "none" ? undefined : pressure;
    if (mark === this.wires.get(id)) return false;
    if (mark) this.wires.set(id, mark);
    else this.wires.delete(id);
    return true;
  }
}

const RANK: Record<Lit, number> = { past: 1, failed: 2, lit: 3 };

/** Lights of nodes that a collapsed group stands for, as the group's: what says most counts. */
export function byCard(lights: ReadonlyMap<string, Lit>, states: BoxStates): ReadonlyMap<string, Lit> {
  const cards = new Map<string, Lit>();
  for (const [id, lit] of lights) {
    const card = states.cardOf(id);
    const before = cards.get(card);
    if (!before || RANK[lit] > RANK[before]) cards.set(card, lit);
  }
  return cards;
}
