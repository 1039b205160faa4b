import type { EditorHandle } from "../core/editorTypes";

const WAIT_MS = 5_000;

/** Nodes that come into the graph while something is brought in; the change comes by the websocket. */
export class Arrivals {
  private readonly known: ReadonlySet<string>;
  private readonly stop: () => void;
  private heard: () => void = () => undefined;

  constructor(private readonly editor: EditorHandle) {
    this.known = new Set(editor.graph.nodes.keys());
    this.stop = editor.subscribe(() => this.heard());
  }

  /** The new ones, once there are any; none after a time. */
  async come(): Promise<readonly string[]> {
    const now = (): readonly string[] =>
      [...this.editor.graph.nodes.keys()].filter((id) => !this.known.has(id));
    if (now().length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, WAIT_MS);
        this.heard = () => {
          if (now().length === 0) return;
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.end();
    return now();
  }

  end(): void {
    this.stop();
  }
}
