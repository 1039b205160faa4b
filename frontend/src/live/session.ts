import { socketUrl } from "../api/share";
import type { Editor } from "../core/editor";
import type { Can, ServerMessage } from "../core/types";
import type { Checks } from "./checks";
import { commentHints } from "./commentHints";
import { FlowSocket, type SocketState } from "./socket";
import type { LiveStore } from "./store";
import { testHints } from "./testHints";

/** Ties one open flow to its websocket: the two streams, the connection's state, and what is inspected. */
export class Session {
  private readonly socket: FlowSocket;
  private unsubscribe: (() => void) | null = null;

  constructor(
    private readonly editor: Editor,
    private readonly live: LiveStore,
    private readonly checks: Checks,
    flow: string,
    open?: (url: string) => WebSocket,
  ) {
    const events = {
      message: (message: ServerMessage) => this.received(message),
      state: (state: SocketState) => this.connected(state),
    };
    this.socket = new FlowSocket(socketUrl("flows", flow), events, open);
    live.presence.say = (said) => this.socket.tell(said);
  }

  start(): void {
    const inspect = (): void => this.socket.inspect(inspected(this.editor));
    const listen = (): void => this.socket.listen(this.live.taps.wanted.get());
    const stops = [this.editor.selection.subscribe(inspect), this.live.taps.wanted.subscribe(listen)];
    this.unsubscribe = () => stops.forEach((stop) => stop());
    this.socket.start();
  }

  stop(): void {
    this.unsubscribe?.();
    this.socket.stop();
    this.checks.close();
  }

  private received(message: ServerMessage): void {
    switch (message.t) {
      case "hello":
        this.live.presence.connected(message.client_id);
        // The role may be another than when the flow was read, or the connection lost.
        if (message.can) this.mayNow(message.can);
        this.editor.reconnected(message.rev);
        commentHints.told(message.comments ?? 0);
        testHints.greeted(message.tests ?? 0);
        this.checks.refresh();
        break;
      case "change":
        this.editor.receive(message);
        this.checks.refresh();
        break;
      case "changes":
        for (const change of message.changes) this.editor.receive(change);
        this.checks.refresh();
        break;
      case "live":
        this.editor.live(message);
        this.live.merge(message);
        if (Object.values(message.nodes).some((node) => "ports" in node)) this.checks.refresh();
        break;
      case "cluster":
        this.connection({
          cluster: message.state,
          telemetry: message.telemetry,
          reason: message.reason,
          modules: message.modules,
        });
        break;
      case "control":
        this.editor.controlEnded(message.id, message.state, message.problem);
        this.live.controls.notify([message.node]);
        break;
      case "catalogue":
        this.checks.refresh();
        this.editor.refreshCatalogue().catch(() => {
          this.editor.notify(
            { code: "catalogue", message: "The list of components changed but could not be read." },
            "warning",
            { label: "Try again", run: () => this.received(message) },
          );
        });
        break;
      case "titles": {
        const now = this.editor.flow.get();
        const project = { ...now.project, name: message.project };
        this.editor.flow.set({ ...now, name: message.flow, project });
        break;
      }
      case "comments":
        commentHints.told(message.rev);
        break;
      case "tests":
        testHints.hear(message.rev, message.run);
        break;
      case "mentions":
        void commentHints.count();
        break;
      case "rights":
        this.mayNow(message.can);
        break;
      case "debug":
        this.live.taps.heard(message.rows, message.lost);
        break;
      case "pong":
        break;
    }
  }

  /** Somebody gave the person another role. */
  private mayNow(can: Can): void {
    const { edit } = this.editor.can.get();
    this.editor.can.set(can);
    if (edit === can.edit) return;
    const message = can.edit
      ? "You may edit this flow now."
      : "You may look at this flow now, not change it any more.";
    this.editor.notify({ code: "rights", message }, "info");
  }

  /** What is gone is looked at and not edited: each edit would be refused by itself. */
  private connected(socket: SocketState): void {
    if (socket === "gone") this.editor.can.set({ edit: false, control: false });
    this.connection({ socket });
  }

  private connection(part: Partial<ReturnType<Editor["connection"]["get"]>>): void {
    this.editor.connection.set({ ...this.editor.connection.get(), ...part });
  }
}

/** Whose last messages are shown: the only node selected, or both ends of the only wire. */
function inspected({ selection, graph }: Editor): readonly string[] {
  const { nodes, edges } = selection.get();
  if (nodes.size + edges.size !== 1) return [];
  const [id] = edges;
  const edge = id === undefined ? undefined : graph.edges.get(id);
  return edge ? [...new Set([edge.source, edge.target])] : [...nodes];
}
