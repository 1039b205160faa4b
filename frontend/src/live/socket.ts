import { backoff } from "../core/backoff";
import type { Said } from "../core/presence";
import type { ClientMessage, ServerMessage } from "../core/types";

/** Who is looked at says so often: others see soon that a connection broke. */
const PING_MS = 5_000;
const HIDDEN_PING_MS = 20_000;
/** Longer than two pings of a hidden tab without a word: the connection is dead even if nothing said so. */
const SILENCE_MS = 45_000;
/** A connection that was not greeted by then is tried anew: what took it may be a process that hangs, or a proxy. */
const HELLO_MS = 15_000;
const RETRY_FIRST_MS = 250;
/** Somebody who looks at the page wants to know it soon; tabs in the background need not hurry a server that starts. */
const RETRY_MOST_MS = 5_000;
const HIDDEN_RETRY_MOST_MS = 15_000;

export type SocketState = "connecting" | "live" | "reconnecting" | "signed_out" | "gone";

/** The server's reasons to end a connection that are worth telling apart. */
const SIGNED_OUT = 4401;
const FINAL_CODES = new Set([4403, 4404]);

export interface SocketEvents {
  message(message: ServerMessage): void;
  state(state: SocketState): void;
}

/**
 * The flow's websocket, kept open: after a loss it comes back by itself with growing, jittered waits, and
 * at once when the browser is online again or the tab is looked at. What has to be said again on a new
 * connection (visibility, what is under inspection, ports that are listened to) is remembered here.
 */
export class FlowSocket {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private heard = 0;
  private greeted = false;
  private pinged = 0;
  private closed = false;
  private inspected: readonly string[] = [];
  private ports: readonly (readonly [string, string])[] = [];
  private retry: ReturnType<typeof setTimeout> | undefined;
  private pulse: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly url: string,
    private readonly events: SocketEvents,
    private readonly open: (url: string) => WebSocket = (address) => new WebSocket(address),
  ) {}

  start(): void {
    window.addEventListener("online", this.hurry);
    window.addEventListener("offline", this.lost);
    document.addEventListener("visibilitychange", this.seen);
    this.connect();
  }

  stop(): void {
    this.closed = true;
    window.removeEventListener("online", this.hurry);
    window.removeEventListener("offline", this.lost);
    document.removeEventListener("visibilitychange", this.seen);
    clearTimeout(this.retry);
    this.drop();
  }

  /** Whose last messages shall come: one node's, or both ends' of a wire. */
  inspect(nodes: readonly string[]): void {
    if (nodes.join() === this.inspected.join()) return;
    this.inspected = nodes;
    this.send({ t: "inspect", nodes });
  }

  /** Ports of which every message shall come. */
  listen(ports: readonly (readonly [string, string])[]): void {
    this.ports = ports;
    this.send({ t: "taps", ports });
  }

  /** What others shall know of this tab. Not said again by itself on a new connection. */
  tell(said: Said): void {
    this.send({ t: "presence", ...said });
  }

  private connect(): void {
    clearTimeout(this.retry);
    this.retry = undefined;
    const socket = this.open(this.url);
    this.socket = socket;
    this.heard = Date.now();
    this.greeted = false;
    socket.addEventListener("message", (event) => {
      if (socket === this.socket) this.received(event.data);
    });
    socket.addEventListener("close", (event) => {
      if (socket === this.socket) this.ended(event.code);
    });
    clearInterval(this.pulse);
    this.pulse = setInterval(this.beat, PING_MS);
  }

  private received(data: unknown): void {
    this.heard = Date.now();
    const message = JSON.parse(String(data)) as ServerMessage;
    if (message.t === "hello") {
      this.attempt = 0;
      this.greeted = true;
      this.events.state("live");
      this.send({ t: "visible", value: !document.hidden });
      if (this.inspected.length > 0) this.send({ t: "inspect", nodes: this.inspected });
      if (this.ports.length > 0) this.send({ t: "taps", ports: this.ports });
    }
    if (message.t !== "pong") this.events.message(message);
  }

  private ended(code: number): void {
    this.drop();
    if (this.closed) return;
    if (FINAL_CODES.has(code)) {
      this.events.state("gone");
      return;
    }
    this.events.state(code === SIGNED_OUT ? "signed_out" : "reconnecting");
    const most = document.hidden ? HIDDEN_RETRY_MOST_MS : RETRY_MOST_MS;
    this.retry = setTimeout(() => this.connect(), backoff(this.attempt++, RETRY_FIRST_MS, most));
  }

  private readonly hurry = (): void => {
    if (this.retry === undefined) return;
    this.attempt = 0;
    this.connect();
  };

  /** The browser knows that it is offline long before a dead connection shows it. */
  private readonly lost = (): void => {
    if (this.socket) this.ended(0);
  };

  private readonly seen = (): void => {
    this.send({ t: "visible", value: !document.hidden });
    if (!document.hidden) this.hurry();
  };

  private readonly beat = (): void => {
    const now = Date.now();
    if (now - this.heard > (this.greeted ? SILENCE_MS : HELLO_MS)) this.ended(0);
    else if (!document.hidden || now - this.pinged >= HIDDEN_PING_MS) {
      this.pinged = now;
      this.send({ t: "ping" });
    }
  };

  private send(message: ClientMessage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private drop(): void {
    clearInterval(this.pulse);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }
}
