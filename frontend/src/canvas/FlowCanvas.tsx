import {
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useStore,
  useStoreApi,
  type EdgeTypes,
  type NodeMouseHandler,
  type NodeTypes,
} from "@xyflow/react";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { EditorHandle } from "../core/editorTypes";
import { GRID } from "../core/geometry";
import { selectedCards } from "../core/groups/fold";
import { ALL_UP_TO } from "../core/visible";
import { useCan, useReadable, useSelection } from "../live/hooks";
import { useViewName } from "../live/useViewed";
import { CanvasEdges } from "./canvasEdges";
import { CanvasNodes, type CanvasNode } from "./canvasNodes";
import { useCanvasLayer } from "./canvasLayer";
import { useCanvasState } from "./canvasState";
import { Card } from "./Card";
import { ConnectHint } from "./ConnectHint";
import { showCarried, useCarriedIds } from "./carrying";
import { Dots } from "./Dots";
import { DrawnWires } from "./DrawnWires";
import { EmptyCanvas } from "./EmptyCanvas";
import { FlowPicker } from "./FlowPicker";
import { Frames } from "./frames/Frames";
import { GroupCard } from "./frames/GroupCard";
import { GuideLines } from "./GuideLines";
import { Minimap } from "./Minimap";
import { Overview } from "./Overview";
import { Sheet } from "./Sheet";
import { useArriving } from "./useArriving";
import { useCancelling } from "./useCancelling";
import { useCanvasChanges } from "./useCanvasChanges";
import { useClipboard } from "./useClipboard";
import { useFileDrop } from "./useFileDrop";
import { useDragging } from "./useDragging";
import { usePointer } from "./usePointer";
import { useGliding } from "./useGliding";
import { useKeptInView } from "./useKeptInView";
import { useOverviewPicks } from "./useOverviewPicks";
import { useScene } from "./useScene";
import { MAX_ZOOM, MIN_ZOOM, useView } from "./useView";
import { useWiring } from "./useWiring";
import { Wire } from "./Wire";
import { WirePicker } from "./WirePicker";
import { ZoomBar } from "./ZoomBar";

// At module level: a new object here would make the library build every card anew.
const NODE_TYPES: NodeTypes = { card: Card, group: GroupCard };
const EDGE_TYPES: EdgeTypes = { wire: Wire };
const ADD_KEYS = ["Shift", "Control", "Meta"];
const PRO_OPTIONS = { hideAttribution: true };

/** Below this, comments could not be read and are left out. */
const NOTE_ZOOM = 0.6;
/** From so many wires on they are drawn without dashes. */
const MANY_WIRES = 200;
/** Below this, in a large flow, so could be what stands below a card's name. */
const LINE_ZOOM = 0.75;

interface FlowCanvasProps {
  editor: EditorHandle;
  /** Ways to begin that an empty canvas offers beside components. */
  starts?: ReactNode;
}

export function FlowCanvas({ editor, starts }: FlowCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas editor={editor} starts={starts} />
    </ReactFlowProvider>
  );
}

function Canvas({ editor, starts }: FlowCanvasProps) {
  const selection = useSelection();
  const { edit } = useCan();
  const name = useViewName();
  const state = useCanvasState();
  const { scene, visible, version, shown, start } = useScene(editor, state);
  const { overview, cards, ends, wires } = shown;
  const [makeNodes] = useState(() => new CanvasNodes());
  const [makeEdges] = useState(() => new CanvasEdges());
  const canvas = useRef<HTMLDivElement>(null);
  const { onNodesChange, onEdgesChange } = useCanvasChanges(editor, state, visible, canvas);
  const carried = useCarriedIds();
  // What has come into the page while a drag goes on has to be where it was carried.
  useLayoutEffect(() => showCarried(canvas.current, state.carried.get()));
  const nodes = useMemo(() => {
    const selected = selectedCards(editor.graph, selection.nodes);
    return makeNodes.build({ scene, version, cards, ends, selected, carried });
  }, [editor, makeNodes, scene, version, cards, ends, selection.nodes, carried]);
  const edges = useMemo(
    () => makeEdges.build({ scene, version, wires, selected: selection.edges }),
    [makeEdges, scene, version, wires, selection.edges],
  );

  const view = useView(scene);
  const wiring = useWiring(editor, state);
  const pointer = usePointer(state);
  const onNodesMoved = useDragging(editor, scene, state, onNodesChange);
  const selecting = useReadable(state.selecting);
  useClipboard(editor, state);
  useFileDrop(editor, state);
  useCancelling(editor, state);
  useEffect(() => state.view.set(view), [state, view]);
  const arrive = useArriving(editor, state, view);
  useCentre(editor);
  useKeptInView(editor, scene, view);
  useGliding(canvas);

  const many = scene.cards.size > ALL_UP_TO;
  const classes = useZoomClasses(many);

  const onInit = useCallback(() => {
    arrive();
    start();
  }, [arrive, start]);
  const onNodeDoubleClick = useCallback<NodeMouseHandler<CanvasNode>>(
    (_event, node) => {
      if (edit) state.renaming.set(node.id);
    },
    [edit, state],
  );
  const layer = useCanvasLayer();
  const picks = useOverviewPicks(editor, scene, overview);

  return (
    <div
      ref={canvas}
      className={classes}
      data-wires={wires.length > MANY_WIRES ? "many" : undefined}
      {...pointer}
    >
      <ReactFlow
        id="canvas"
        tabIndex={0}
        aria-label={name}
        disableKeyboardA11y
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesMoved}
        onEdgesChange={onEdgesChange}
        {...wiring}
        onReconnect={edit ? wiring.onReconnect : undefined}
        selectionOnDrag={selecting}
        panOnDrag={!selecting}
        selectionMode={SelectionMode.Partial}
        onInit={onInit}
        {...picks}
        onNodeDoubleClick={onNodeDoubleClick}
        nodesDraggable={edit}
        nodesConnectable={edit}
        minZoom={MIN_ZOOM}
        maxZoom={MAX_ZOOM}
        connectionRadius={GRID}
        deleteKeyCode={null}
        multiSelectionKeyCode={ADD_KEYS}
        zoomOnDoubleClick={false}
        proOptions={PRO_OPTIONS}
      >
        {overview && <Overview editor={editor} scene={scene} />}
        {shown.drawn.length > 0 && <DrawnWires scene={scene} wires={shown.drawn} />}
        <Dots />
        {many && !overview && <Sheet scene={scene} version={version} />}
        <Frames overview={overview} />
        <GuideLines />
        <ConnectHint />
        {layer}
      </ReactFlow>
      {scene.cards.size === 0 && <EmptyCanvas others={starts} />}
      <ZoomBar view={view} />
      {scene.cards.size > 0 && <Minimap editor={editor} scene={scene} />}
      <WirePicker />
      <FlowPicker />
    </div>
  );
}

/** What is too small to be read is left out. */
function useZoomClasses(many: boolean): string {
  return useStore(({ transform: [, , zoom] }) => {
    const classes = ["canvas"];
    if (zoom < NOTE_ZOOM) classes.push("canvas--small");
    if (many && zoom < LINE_ZOOM) classes.push("canvas--brief");
    return classes.join(" ");
  });
}

/** Tells the editor where the middle of the view is: new components go there. */
function useCentre(editor: EditorHandle): void {
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
