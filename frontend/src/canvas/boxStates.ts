import type { EditorHandle } from "../core/editorTypes";
import type { Graph } from "../core/graph";
import { cardOf, isFold, selectedCards } from "../core/groups/fold";
import { summaryOf } from "../core/groups/summary";
import type { SceneCard } from "../core/scene";
import type { FlowNode, NodeLive, NodeState } from "../core/types";
import type { LiveStore } from "../live/store";

/** What a card's box says; `changed`: it is not on the cluster as it stands here. */
export type BoxState = NodeState | "changed";

/** What the boxes of a drawing stand for: nodes, and collapsed groups with the worst state of their nodes. */
export class BoxStates {
  private membersOf: Graph | null = null;
  private readonly members = new Map<string, FlowNode[]>();
  private chosenOf: readonly unknown[] = [];
  private chosen: ReadonlySet<string> = new Set();

  constructor(
    private readonly editor: Pick<EditorHandle, "graph" | "selection">,
    private readonly live: Pick<LiveStore, "node">,
  ) {}

  of({ node }: SceneCard): BoxState {
    if (isFold(node)) return summaryOf(this.nodesIn(node.id), this.live.node).state;
    return stateOf(this.live.node(node.id));
  }

  /** Cards that are selected; a collapsed group is when all of its nodes are. */
  get selected(): ReadonlySet<string> {
    const { graph, selection } = this.editor;
    const { nodes } = selection.get();
    if (this.chosenOf[0] !== graph || this.chosenOf[1] !== nodes) {
      this.chosenOf = [graph, nodes];
      this.chosen = selectedCards(graph, nodes);
    }
    return this.chosen;
  }

  /** The card that shows this node. */
  cardOf(id: string): string {
    return cardOf(this.editor.graph, id);
  }

  private nodesIn(group: string): readonly FlowNode[] {
    const { graph } = this.editor;
    if (this.membersOf !== graph) {
      this.membersOf = graph;
      this.members.clear();
      for (const node of graph.nodes.values()) {
        if (node.group === null) continue;
        const others = this.members.get(node.group);
        if (others) others.push(node);
        else this.members.set(node.group, [node]);
      }
    }
    return this.members.get(group) ?? [];
  }
}

function stateOf(entry: NodeLive | undefined): BoxState {
  if (entry?.error || (entry?.push?.state === "failed" && entry.push.problem)) return "error";
  if (entry?.push && entry.push.state !== "observed") return "changed";
  return entry?.state ?? "idle";
}
