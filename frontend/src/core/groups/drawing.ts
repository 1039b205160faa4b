import type { EditorHandle } from "../editorTypes";
import { differences, type Graph } from "../graph";
import type { Unsubscribe } from "../store";
import type { Port } from "../types";
import { Borders } from "./borders";
import { cardOf, Fold } from "./fold";

/** What the canvas draws from: the editor's graph, or the same with collapsed groups folded into cards. */
export type Drawn = Pick<EditorHandle, "graph" | "portsOf" | "catalogue" | "ownPorts" | "subscribe">;

/** What a canvas draws of an editor: the whole flow, or the group that it is a view of. */
export function drawingOf(editor: EditorHandle): Drawn {
  return editor.view === null ? new Drawing(editor) : new Borders(editor, editor.view);
}

/** The editor's flow as it is drawn. Costs nothing while no group is collapsed. */
export class Drawing implements Drawn {
  private readonly fold = new Fold();
  private from: Graph | null = null;
  private folded: Graph | null = null;

  constructor(private readonly editor: EditorHandle) {}

  get graph(): Graph {
    const { graph } = this.editor;
    if (this.from !== graph || !this.folded) {
      this.from = graph;
      this.folded = this.fold.of(graph);
    }
    return this.folded;
  }

  get catalogue() {
    return this.editor.catalogue;
  }

  get ownPorts() {
    return this.editor.ownPorts;
  }

  portsOf(id: string): readonly Port[] {
    return this.fold.portsOf(id) ?? this.editor.portsOf(id);
  }

  subscribe(listener: (touched: ReadonlySet<string>) => void): Unsubscribe {
    let before = this.graph;
    return this.editor.subscribe((touched) => {
      const after = this.graph;
      const isPlain = !anyCollapsed(before) && !anyCollapsed(after);
      const { graph } = this.editor;
      const cards = Array.from(touched, (id) => cardOf(graph, id));
      listener(isPlain ? touched : new Set([...touched, ...cards, ...differences(before, after)]));
      before = after;
    });
  }
}

function anyCollapsed({ groups }: Graph): boolean {
  for (const { collapsed } of groups.values()) if (collapsed) return true;
  return false;
}
