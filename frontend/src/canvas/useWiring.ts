import {
  useReactFlow,
  type Connection,
  type FinalConnectionState,
  type HandleType,
  type OnConnectStartParams,
} from "@xyflow/react";
import { useMemo, useRef } from "react";
import { canWire, defaultMapping, type Verdict, type WireEnds } from "../core/connect";
import type { EditorHandle } from "../core/editorTypes";
import type { LooseEnd } from "../core/fitting";
import type { Point } from "../core/geometry";
import { inside, unfold } from "../core/groups/fold";
import { newUuid } from "../core/ids";
import type { Port } from "../core/types";
import { judgeReconnect, reconnect } from "../editing/reconnect";
import type { CanvasEdge } from "./canvasEdges";
import type { CanvasState } from "./canvasState";

interface LooseEnds {
  source: string;
  sourceHandle?: string | null;
  target: string;
  targetHandle?: string | null;
}

/** The two ports a wire would join. */
export function portsOf(
  editor: EditorHandle,
  ends: WireEnds,
): { from: Port | undefined; to: Port | undefined } {
  const find = (id: string, name: string, source: boolean) => {
    const named = editor.portsOf(id).filter((port) => port.name === name);
    return named.find((port) => port.source === source) ?? named[0];
  };
  return { from: find(ends.source, ends.source_port, true), to: find(ends.target, ends.target_port, false) };
}

/** With `reconnecting`, the wire that is led elsewhere does not stand in its own way. */
export function judge(editor: EditorHandle, drawn: WireEnds, reconnecting: string | null = null): Verdict {
  const ends = unfold(editor.graph, drawn);
  const edge = editor.graph.edges.get(reconnecting ?? "");
  if (edge) return judgeReconnect(editor, edge, ends);
  const { from, to } = portsOf(editor, ends);
  return canWire(editor.graph, ends, from, to);
}

/** Adds the wire with the mapping that pairs equal names, or says why not. */
export function wire(editor: EditorHandle, drawn: WireEnds): boolean {
  const ends = unfold(editor.graph, drawn);
  const verdict = judge(editor, ends);
  if (!verdict.ok) {
    editor.notify({ code: "wire_refused", message: verdict.reason, node: ends.target }, "warning");
    return false;
  }
  const { from, to } = portsOf(editor, ends);
  const mapping = defaultMapping(from?.schema ?? null, to?.schema ?? null);
  const id = newUuid();
  editor.apply([{ op: "add_edge", id, ...ends, mapping }], { label: "Connect" });
  editor.select({ edges: [id] });
  return true;
}

export function toEnds({ source, sourceHandle, target, targetHandle }: LooseEnds): WireEnds {
  return { source, source_port: sourceHandle ?? "", target, target_port: targetHandle ?? "" };
}

/** The ends of a wire being drawn, whichever end it was started from; null while it hangs free. */
export function drawnEnds(state: Pick<FinalConnectionState, "fromHandle" | "toHandle">): WireEnds | null {
  const { fromHandle: from, toHandle: to } = state;
  if (!from || !to) return null;
  const [source, target] = from.type === "source" ? [from, to] : [to, from];
  return {
    source: source.nodeId,
    source_port: source.id ?? "",
    target: target.nodeId,
    target_port: target.id ?? "",
  };
}

function looseEnd(editor: EditorHandle, { fromHandle: from }: FinalConnectionState): LooseEnd | null {
  if (!from) return null;
  const [node, wanted] = inside(editor.graph, from.nodeId, from.id ?? "");
  const port = editor
    .portsOf(node)
    .find(({ name, source }) => name === wanted && source === (from.type === "source"));
  return port ? { node, port } : null;
}

/** Where a wire was let go; null when that is not on the canvas: over a panel nobody wants to add something. */
function dropPoint(event: MouseEvent | TouchEvent): Point | null {
  const { clientX: x, clientY: y } = "changedTouches" in event ? (event.changedTouches[0] ?? {}) : event;
  if (x === undefined || y === undefined) return null;
  return document.elementFromPoint(x, y)?.closest(".react-flow__pane") ? { x, y } : null;
}

type Start = Pick<WireEnds, "source" | "source_port"> & { type: HandleType };

/** Connecting and reconnecting by drag and by click, as the canvas library asks for it. */
export function useWiring(editor: EditorHandle, canvas: CanvasState) {
  const { adding } = canvas;
  const { screenToFlowPosition } = useReactFlow();
  const clicked = useRef<Start | null>(null);
  return useMemo(
    () => ({
      isValidConnection: (ends: LooseEnds) => judge(editor, toEnds(ends), canvas.reconnecting.get()).ok,
      onReconnectStart(_event: unknown, { id }: CanvasEdge) {
        canvas.reconnecting.set(id);
        // Its mapping goes along: read while it is led, so that it is here when it is let go.
        editor.load([id]).catch(() => undefined);
      },
      onReconnect({ id }: CanvasEdge, ends: Connection) {
        if (canvas.cancelled.get()) return;
        const edge = editor.graph.edges.get(id);
        if (edge) reconnect(editor, edge, unfold(editor.graph, toEnds(ends)));
      },
      onReconnectEnd(_event: unknown, { id }: CanvasEdge, _end: HandleType, state: FinalConnectionState) {
        canvas.reconnecting.set(null);
        if (canvas.cancelled.get()) return;
        const edge = editor.graph.edges.get(id);
        const ends = state.isValid === false ? drawnEnds(state) : null;
        if (edge && ends) reconnect(editor, edge, unfold(editor.graph, ends));
      },
      onConnect(ends: Connection) {
        clicked.current = null;
        if (!canvas.cancelled.get()) wire(editor, toEnds(ends));
      },
      onConnectEnd(event: MouseEvent | TouchEvent, state: FinalConnectionState) {
        // The end of a wire that is there already has its own word for it.
        if (canvas.reconnecting.get() !== null || canvas.cancelled.get()) return;
        const ends = state.isValid === false ? drawnEnds(state) : null;
        if (ends) return void wire(editor, ends);
        // Dropped where nothing is: what could stand there?
        const window = dropPoint(event);
        const end = looseEnd(editor, state);
        if (!window || !end || state.toHandle || state.toNode) return;
        adding.set({ window, at: screenToFlowPosition({ ...window }, { snapToGrid: false }), ends: [end] });
      },
      onClickConnectStart(_event: unknown, { nodeId, handleId, handleType }: OnConnectStartParams) {
        if (!nodeId || !handleType) return;
        clicked.current = { source: nodeId, source_port: handleId ?? "", type: handleType };
      },
      /** The library says nothing about a refused click, so the port under the pointer is read here. */
      onClickConnectEnd(event: MouseEvent | TouchEvent) {
        const start = clicked.current;
        clicked.current = null;
        const end = event.target instanceof HTMLElement ? event.target.dataset : {};
        if (!start || !end["nodeid"]) return;
        const there = { source: end["nodeid"], source_port: end["handleid"] ?? "" };
        if (there.source === start.source && there.source_port === start.source_port) return;
        const [from, to] = start.type === "source" ? [start, there] : [there, start];
        const { source, source_port } = from;
        wire(editor, { source, source_port, target: to.source, target_port: to.source_port });
      },
    }),
    [editor, canvas, adding, screenToFlowPosition],
  );
}
