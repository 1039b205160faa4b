import { useCallback, useMemo, useSyncExternalStore } from "react";
import type {
  Connection,
  EditorHandle,
  FlowInfo,
  HistoryState,
  Notice,
  Press,
  PressState,
  QueueState,
  Selection,
} from "../core/editorTypes";
import { isFresh } from "../core/cardState";
import { findComponent } from "../core/catalogue";
import type { Graph } from "../core/graph";
import { plainWords } from "../core/plainWords";
import type { Readable } from "../core/store";
import type {
  Can,
  Catalogue,
  Component,
  EdgeLive,
  FlowEdge,
  FlowNode,
  ModuleTelemetry,
  NodeLive,
  Port,
  Problem,
  Verdict,
} from "../core/types";
import { useOpenFlow } from "./context";

/** The current value of anything observable; renders again when it changes. */
export function useReadable<T>(readable: Readable<T>): T {
  return useSyncExternalStore(readable.subscribe, readable.get);
}

export function useEditor(): EditorHandle {
  return useOpenFlow().editor;
}

/** The whole graph; for lists and the canvas. Prefer `useNode` where one node is meant. */
export function useGraph(): Graph {
  const editor = useEditor();
  const subscribe = useCallback((listener: () => void) => editor.subscribe(listener), [editor]);
  return useSyncExternalStore(subscribe, () => editor.graph);
}

export function useNode(id: string): FlowNode | undefined {
  const editor = useEditor();
  const subscribe = useCallback((listener: () => void) => editor.subscribeTo(id, listener), [editor, id]);
  return useSyncExternalStore(subscribe, () => editor.graph.nodes.get(id));
}

export function useEdge(id: string): FlowEdge | undefined {
  const editor = useEditor();
  const subscribe = useCallback((listener: () => void) => editor.subscribeTo(id, listener), [editor, id]);
  return useSyncExternalStore(subscribe, () => editor.graph.edges.get(id));
}

/** The node's live entry; undefined until the first frame named it. */
export function useLive(node: string): NodeLive | undefined {
  const { live } = useOpenFlow();
  const subscribe = useCallback((listener: () => void) => live.subscribe(node, listener), [live, node]);
  return useSyncExternalStore(subscribe, () => live.node(node));
}

/** Whether the node is not on the cluster yet; renders again only when that changes. */
export function useIsFresh(id: string): boolean {
  const { editor, live } = useOpenFlow();
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = [editor.subscribeTo(id, listener), live.subscribe(id, listener)];
      return () => stops.forEach((stop) => stop());
    },
    [editor, live, id],
  );
  return useSyncExternalStore(subscribe, () => {
    const node = editor.graph.nodes.get(id);
    return node !== undefined && isFresh(node, live.node(id));
  });
}

export function useEdgeLive(edge: string): EdgeLive | undefined {
  const { live } = useOpenFlow();
  const subscribe = useCallback((listener: () => void) => live.subscribe(edge, listener), [live, edge]);
  return useSyncExternalStore(subscribe, () => live.edge(edge));
}

/** What is to be said about a wire's mapping; undefined until the server has said it. */
export function useVerdict(edge: string): Verdict | undefined {
  const { checks } = useOpenFlow();
  const subscribe = useCallback((listener: () => void) => checks.subscribe(edge, listener), [checks, edge]);
  return useSyncExternalStore(subscribe, () => checks.verdict(edge));
}

/** A problem's message with the flow's own names in it; empty without one. */
export function useWords(problem: Problem | null | undefined): string {
  const { graph } = useEditor();
  const message = problem?.message ?? "";
  return useMemo(() => plainWords(message, graph), [message, graph]);
}

export function useCatalogue(): Catalogue {
  return useReadable(useEditor().catalogue);
}

export function useComponent(module: string, component: string): Component | undefined {
  return findComponent(useCatalogue(), module, component);
}

/** All ports of a node, its own where they differ from its component's. */
export function usePorts(id: string): readonly Port[] {
  const editor = useEditor();
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = [
        editor.subscribeTo(id, listener),
        editor.catalogue.subscribe(listener),
        editor.ownPorts.subscribe(listener),
      ];
      return () => stops.forEach((stop) => stop());
    },
    [editor, id],
  );
  return useSyncExternalStore(subscribe, () => editor.portsOf(id));
}

export function useSelection(): Selection {
  return useReadable(useEditor().selection);
}

/** Whether this wire is all that is selected; wires among many selected things stay quiet. */
export function useIsOnlyEdge(id: string): boolean {
  const { selection } = useEditor();
  return useSyncExternalStore(selection.subscribe, () => {
    const { nodes, edges } = selection.get();
    return nodes.size === 0 && edges.size === 1 && edges.has(id);
  });
}

export function useCan(): Can {
  return useReadable(useEditor().can);
}

export function useConnection(): Connection {
  return useReadable(useEditor().connection);
}

/** Whether what is shown is from before the connection was lost. */
export function useIsStale(): boolean {
  const { socket } = useConnection();
  return socket !== "live" && socket !== "connecting";
}

/** How the live values of a module's nodes come; undefined while that is not known. */
export function useModuleTelemetry(module: string): ModuleTelemetry | undefined {
  return useConnection().modules.find((one) => one.module === module);
}

export function useQueue(): QueueState {
  return useReadable(useEditor().queue);
}

export function useFlow(): FlowInfo {
  return useReadable(useEditor().flow);
}

export function useNotices(): readonly Notice[] {
  return useReadable(useEditor().notices);
}

export function useHistory(): HistoryState {
  return useReadable(useEditor().history);
}

const NOTHING: Readable<null> = { get: () => null, subscribe: () => () => undefined };

/** How far a pressed control has come; null before the first press. */
export function usePress(press: Press | null): PressState | null {
  return useReadable<PressState | null>(press ?? NOTHING);
}
