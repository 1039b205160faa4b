import {
  Background,
  ReactFlow,
  ReactFlowProvider,
  useStore,
  useStoreApi,
  type EdgeTypes,
  type NodeMouseHandler,
  type NodeTypes,
} from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Editor } from "../core/editor";
import { GRID } from "../core/geometry";
import { useCan, useCatalogue, useFlow, useGraph, useReadable, useSelection } from "../live/hooks";
import { CanvasEdges, type CanvasEdge } from "./canvasEdges";
import { CanvasNodes, type CanvasNode } from "./canvasNodes";
import { useCanvasState } from "./canvasState";
import { Card } from "./Card";
import { ConnectHint } from "./ConnectHint";
import { EmptyCanvas } from "./EmptyCanvas";
import { Frames } from "./frames/Frames";
import { Minimap } from "./Minimap";
import { Overview } from "./Overview";
import { useCanvasChanges } from "./useCanvasChanges";
import { MAX_ZOOM, MIN_ZOOM, useView } from "./useView";
import { useWiring } from "./useWiring";
import { Wire } from "./Wire";
import { WirePicker } from "./WirePicker";
import { ZoomBar } from "./ZoomBar";

// At module level: a new object here would make the library build every card anew.
const NODE_TYPES: NodeTypes = { card: Card };
const EDGE_TYPES: EdgeTypes = { wire: Wire };
const SNAP_GRID: [number, number] = [GRID, GRID];
const ADD_KEYS = ["Shift", "Control", "Meta"];
const PRO_OPTIONS = { hideAttribution: true };
const NO_NODES: CanvasNode[] = [];
const NO_EDGES: CanvasEdge[] = [];

/** Above this many nodes only those in view are in the page. */
const CULL_ABOVE = 150;
/** Above this many, and zoomed out this far, the flow is one drawing and nothing is in the page. */
const OVERVIEW_ZOOM = 0.45;
/** Below this, comments could not be read and are left out. */
const NOTE_ZOOM = 0.6;

export function FlowCanvas({ editor }: { editor: Editor }) {
  return (
    <ReactFlowProvider>
      <Canvas editor={editor} />
    </ReactFlowProvider>
  );
}

function Canvas({ editor }: { editor: Editor }) {
  const graph = useGraph();
  const catalogue = useCatalogue();
  const ownPorts = useReadable(editor.ownPorts);
  const selection = useSelection();
  const { edit } = useCan();
  const { name } = useFlow();
  const state = useCanvasState();
  const [makeNodes] = useState(() => new CanvasNodes());
  const [makeEdges] = useState(() => new CanvasEdges());
  const { dragged, onNodesChange, onEdgesChange } = useCanvasChanges(editor);
  const nodes = useMemo(
    () => makeNodes.build({ graph, catalogue, ownPorts, selected: selection.nodes, dragged }),
    [makeNodes, graph, catalogue, ownPorts, selection.nodes, dragged],
  );
  const edges = useMemo(() => makeEdges.build(graph, selection.edges), [makeEdges, graph, selection.edges]);
  const shown = useRef<readonly CanvasNode[]>(nodes);
  useEffect(() => {
    shown.current = nodes;
  }, [nodes]);

  const view = useView(editor, shown);
  const wiring = useWiring(editor, state);
  useEffect(() => state.view.set(view), [state, view]);
  useReveal(editor, view.show);
  useCentre(editor);

  const far = useStore((store) => store.transform[2] < OVERVIEW_ZOOM);
  const small = useStore((store) => store.transform[2] < NOTE_ZOOM);
  const many = nodes.length > CULL_ABOVE;
  const overview = many && far;

  const onNodeDoubleClick = useCallback<NodeMouseHandler<CanvasNode>>(
    (_event, node) => {
      if (edit) state.renaming.set(node.id);
    },
    [edit, state],
  );
  const onPaneClick = useCallback(() => editor.select({}), [editor]);

  return (
    <div className={small ? "canvas canvas--small" : "canvas"}>
      <ReactFlow
        id="canvas"
        tabIndex={0}
        aria-label={`Flow ${name}`}
        disableKeyboardA11y
        nodes={overview ? NO_NODES : nodes}
        edges={overview ? NO_EDGES : edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        {...wiring}
        onInit={view.fit}
        onPaneClick={onPaneClick}
        onNodeDoubleClick={onNodeDoubleClick}
        nodesDraggable={edit}
        nodesConnectable={edit}
        onlyRenderVisibleElements={many}
        snapToGrid
        snapGrid={SNAP_GRID}
        minZoom={MIN_ZOOM}
        maxZoom={MAX_ZOOM}
        connectionRadius={GRID}
        deleteKeyCode={null}
        multiSelectionKeyCode={ADD_KEYS}
        zoomOnDoubleClick={false}
        proOptions={PRO_OPTIONS}
      >
        {overview && <Overview editor={editor} nodes={nodes} />}
        <Background gap={GRID} offset={GRID / 2} size={2} />
        <Frames />
        <ConnectHint />
      </ReactFlow>
      {nodes.length === 0 && <EmptyCanvas />}
      <ZoomBar view={view} />
      {nodes.length > 0 && <Minimap editor={editor} nodes={nodes} />}
      <WirePicker />
    </div>
  );
}

/** Follows what another part of the page wants shown. */
function useReveal(editor: Editor, show: (id: string) => void): void {
  useEffect(() => {
    return editor.revealing.subscribe(() => {
      const wish = editor.revealing.get();
      if (wish) show(wish.id);
    });
  }, [editor, show]);
}

/** Tells the editor where the middle of the view is: new components go there. */
function useCentre(editor: Editor): void {
  const store = useStoreApi();
  useEffect(() => {
    const tell = (): void => {
      const { width, height, transform } = store.getState();
      const [x, y, zoom] = transform;
      editor.centre.set({ x: (width / 2 - x) / zoom, y: (height / 2 - y) / zoom });
    };
    tell();
    return store.subscribe(tell);
  }, [editor, store]);
}
