/**
 * A browser without a screen: the editor's own client, told what to do by lines of JSON. Tests of the whole product run it
 * in Node; no page loads it.
 */

import { flowApi } from "../api/flowApi";
import { Editor, type Kept } from "../core/editor";
import type { Graph } from "../core/graph";
import { applyOps } from "../core/operations";
import type { Op } from "../core/types";
import { Checks } from "../live/checks";
import { Session } from "../live/session";
import { LiveStore } from "../live/store";

export interface Place {
  /** The product's address, without a path. */
  readonly url: string;
  readonly flow: string;
  /** What this person's browser sends with each request. */
  readonly headers: Readonly<Record<string, string>>;
}

type Order =
  | { readonly do: "apply"; readonly ops: Op[] }
  | { readonly do: "undo" | "redo" | "drop" | "reload" | "state" | "whole" }
  | { readonly do: "offline"; readonly value: boolean };

/** The WebSocket of Node, which takes headers. */
export type OpenSocket = (url: string, headers: Readonly<Record<string, string>>) => WebSocket;

/** One page of one person. A reload keeps what a browser keeps. */
export class Robot {
  private editor!: Editor;
  private session!: Session;
  private socket: WebSocket | null = null;
  private kept: Kept | null = null;
  private offline = false;
  private pages = 0;
  /** The flow as it was first read, and its revision then. */
  private first: { graph: Graph; rev: number } | null = null;

  constructor(
    private readonly place: Place,
    private readonly openSocket: OpenSocket,
  ) {
    const real = globalThis.fetch;
    globalThis.fetch = (input, options) => {
      if (this.offline) return Promise.reject(new TypeError("offline"));
      const headers = { ...(options?.headers as Record<string, string>), ...place.headers };
      return real(new URL(input as string, place.url), { ...options, headers, keepalive: false });
    };
  }

  async open(): Promise<void> {
    const api = flowApi(this.place.flow);
    const page = ++this.pages;
    const keeper = {
      load: () => structuredClone(this.kept),
      // A page that was left says nothing more.
      save: (kept: Kept) => void (page === this.pages && (this.kept = structuredClone(kept))),
    };
    this.editor = new Editor(api, keeper);
    const checks = new Checks(() => new Promise(() => undefined));
    this.session = new Session(this.editor, new LiveStore(), checks, this.place.flow, () => {
      if (this.offline) return deadSocket();
      const url = `${this.place.url.replace("http", "ws")}/ws/flows/${this.place.flow}`;
      this.socket = failing(this.openSocket(url, this.place.headers));
      return this.socket;
    });
    await this.editor.open();
    this.session.start();
  }

  async take(order: Order): Promise<unknown> {
    switch (order.do) {
      case "apply":
        this.editor.apply(order.ops, { label: "Edit" });
        return this.state();
      case "undo":
      case "redo":
        this.editor[order.do]();
        return this.state();
      case "drop":
        this.socket?.close();
        return this.state();
      case "offline":
        this.offline = order.value;
        window.dispatchEvent(new Event(order.value ? "offline" : "online"));
        return this.state();
      case "reload":
        this.session.stop();
        this.editor.close();
        await this.open();
        return this.state();
      case "state":
        return this.state();
      case "whole":
        return this.whole();
    }
  }

  private state(): object {
    const { editor } = this;
    return {
      rev: editor.rev,
      queue: editor.queue.get(),
      socket: editor.connection.get().socket,
      nodes: [...editor.graph.nodes.keys()],
      edges: [...editor.graph.edges.values()].map(({ id, source, target }) => ({ id, source, target })),
      groups: [...editor.graph.groups.keys()],
      notices: editor.notices.get().map(({ message }) => message),
    };
  }

  /** Everything, with contents; and what the changes since the beginning make of what there was then. */
  private async whole(): Promise<object> {
    const { graph } = this.editor;
    await this.editor.load([...graph.nodes.keys(), ...graph.edges.keys()]);
    return { ...this.state(), graph: plain(this.editor.graph), ...(await this.replayed()) };
  }

  /** Notes where a replay begins. Called once, when nothing is on its way. */
  async begin(): Promise<void> {
    const { graph } = this.editor;
    await this.editor.load([...graph.nodes.keys(), ...graph.edges.keys()]);
    this.first = { graph: this.editor.graph, rev: this.editor.rev };
  }

  private async replayed(): Promise<object> {
    if (!this.first) return {};
    const api = flowApi(this.place.flow);
    let { graph, rev } = this.first;
    const log: Op[] = [];
    for (let more = await api.changes(rev); more.length > 0; more = await api.changes(rev)) {
      for (const change of more) {
        if (change.prev_rev !== rev) throw new Error(`The log has a gap before ${String(change.rev)}.`);
        ({ graph } = applyOps(graph, change.ops, change.rev));
        ({ rev } = change);
        log.push(...change.ops);
      }
    }
    return { replayed: plain(graph), log };
  }
}

/** What two people compare: without what a browser alone knows. */
function plain(graph: Graph): object {
  const rows = (all: Iterable<{ id: string }>) =>
    Object.fromEntries([...all].map(({ id, ...row }) => [id, { ...said(row), rev: 0 }]));
  const { nodes, edges, groups, notes } = graph;
  return {
    // Its resource's name is the server's to say, and comes with a change of its own or not at all.
    nodes: rows([...nodes.values()].map((node) => ({ ...node, name: "" }))),
    edges: rows(edges.values()),
    groups: rows(groups.values()),
    notes: rows(notes.values()),
  };
}

/** Without what says nothing: it may be there, empty, or not. */
function said(row: object): object {
  const empty = (value: unknown) => value === null || JSON.stringify(value) === "{}";
  return Object.fromEntries(Object.entries(row).filter(([, value]) => !empty(value)));
}

/**
 * Says that it is closed when it does not come to be, as browsers do: Node 20 says an error and nothing more of a socket
 * that fails, or is closed, before it is open.
 */
function failing(socket: WebSocket): WebSocket {
  let said = false;
  socket.addEventListener("close", () => (said = true));
  socket.addEventListener("error", () => {
    setTimeout(() => {
      if (!said) socket.dispatchEvent(Object.assign(new Event("close"), { code: 1006 }));
    });
  });
  return socket;
}

/** A connection that does not come to be. */
function deadSocket(): WebSocket {
  const socket = new EventTarget() as WebSocket;
  Object.assign(socket, { readyState: 3, close: () => undefined, send: () => undefined });
  setTimeout(() => socket.dispatchEvent(Object.assign(new Event("close"), { code: 1006 })));
  return socket;
}
