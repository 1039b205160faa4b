import { socketUrl } from "../../api/share";
import type { Press } from "../../core/editorTypes";
import { Presses } from "../../core/presses";
import { Cell } from "../../core/store";
import type { JsonObject, LiveFrame, Problem, ServerMessage } from "../../core/types";
import { FlowSocket, type SocketState } from "../../live/socket";
import { LiveStore } from "../../live/store";
import type { DashboardApi } from "../api";
import type { PagesDocument } from "./document";
import type { PageChange } from "./types";

/** What the server says on a page's socket: as on a flow's, with changes of pages. */
type PageMessage =
  | Exclude<ServerMessage, { t: "change" | "changes" }>
  | ({ t: "change" } & PageChange)
  | { t: "changes"; changes: PageChange[] }
  | { t: "nodes" };

export interface PageConnection {
  readonly socket: SocketState;
  /** False while the cluster cannot be reached: values are those of before. */
  readonly cluster: boolean;
  readonly reason: string;
}

/** One page that is looked at: its websocket, its live values, its presses. */
export class PageSession {
  readonly live = new LiveStore();
  readonly connection = new Cell<PageConnection>({ socket: "connecting", cluster: true, reason: "" });
  /** Whether the first values have come. */
  readonly filled = new Cell(false);
  private readonly socket: FlowSocket;
  private readonly presses: Presses;
  private reading = false;
  private again = false;

  constructor(
    private readonly document: PagesDocument,
    api: DashboardApi,
    page: string,
    open?: (url: string) => WebSocket,
  ) {
    this.presses = new Presses(api.presses(page));
    this.socket = new FlowSocket(
      socketUrl("pages", page),
      {
        message: (message) => this.received(message as PageMessage),
        state: (socket) => {
          this.connection.set({ ...this.connection.get(), socket });
          // The page may be gone; what there is instead is to be read.
          if (socket === "gone") this.reload();
        },
      },
      open,
    );
  }

  start(): void {
    this.socket.start();
  }

  stop(): void {
    this.socket.stop();
  }

  press(node: string, data: JsonObject): Press {
    return this.presses.press(node, data);
  }

  private received(message: PageMessage): void {
    switch (message.t) {
      case "hello":
        this.live.presence.connected(message.client_id);
        if (message.rev !== this.document.shown.get().rev) this.reload();
        break;
      case "change":
        this.changed(message);
        break;
      case "changes":
        for (const change of message.changes) this.changed(change);
        break;
      case "live":
        this.live.merge(message as LiveFrame);
        this.filled.set(true);
        break;
      case "cluster":
        this.connection.set({
          ...this.connection.get(),
          cluster: message.state === "live",
          reason: message.reason,
        });
        break;
      case "control":
        this.ended(message.id, message.state, message.problem);
        break;
      case "nodes":
      case "catalogue":
      case "rights":
        this.reload();
        break;
      case "debug":
      case "pong":
        break;
    }
  }

  private changed(change: PageChange): void {
    const known = new Set(this.document.shown.get().nodes.map(({ id }) => id));
    const asks = change.ops.some((op) => op.op === "add_widget" && !known.has(op.node));
    if (!this.document.receive(change) || asks) this.reload();
  }

  private ended(id: string, phase: "done" | "failed", problem: Problem | null): void {
    this.presses.ended(id, { phase, problem });
    // Who pressed last is another.
    this.reload();
  }

  /** One reading at a time, and one more when something came meanwhile. */
  private reload(): void {
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = true;
    void this.document
      .reload()
      .catch(() => undefined)
      .finally(() => {
        this.reading = false;
        if (this.again) {
          this.again = false;
          this.reload();
        }
      });
  }
}
