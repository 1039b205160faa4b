import { useStoreApi } from "@xyflow/react";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { EditorHandle } from "../core/editorTypes";
import type { Rect } from "../core/geometry";
import { drawingOf } from "../core/groups/drawing";
import { Scene } from "../core/scene";
import { Visible } from "../core/visible";
import type { CanvasState } from "./canvasState";
import { onceAFrame } from "./painting";

interface Looking {
  readonly transform: readonly [number, number, number];
  readonly width: number;
  readonly height: number;
}

/** Where everything is, and what of it has to be in the page for what is looked at. */
export function useScene(editor: EditorHandle, state: CanvasState) {
  const store = useStoreApi();
  const [scene] = useState(() => new Scene(drawingOf(editor)));
  const [visible] = useState(() => new Visible(scene, () => keptCards(state, store.getState().connection)));
  // Sizes and ports are known: what the library would measure in the page is what it was told.
  useState(() => store.setState({ updateNodeInternals: () => undefined }));

  const [turns] = useState(() => {
    const { ask, stop } = onceAFrame(() => {
      visible.turn();
      goOn();
    });
    const goOn = (): void => {
      if (visible.isBehind) ask();
    };
    return { goOn, stop };
  });

  useEffect(() => {
    const refresh = (): void => {
      visible.refresh();
      turns.goOn();
    };
    const stops = [scene.follow(), scene.subscribe(refresh), turns.stop];
    return () => stops.forEach((stop) => stop());
  }, [scene, visible, turns]);

  const start = useMemo(() => {
    let stop: (() => void) | undefined;
    return () => {
      const look = (): void => {
        visible.look(seen(store.getState()), store.getState().transform[2]);
        turns.goOn();
      };
      stop ??= store.subscribe((now, before) => {
        if (now.transform !== before.transform || now.width !== before.width || now.height !== before.height)
          look();
      });
      look();
    };
  }, [store, visible, turns]);

  const version = useSyncExternalStore(scene.subscribe, () => scene.version);
  const shown = useSyncExternalStore(visible.subscribe, visible.get);
  return { scene, visible, version, shown, start };
}

/** The part of the flow that is looked at, in its own px. */
export function seen({ transform: [x, y, zoom], width, height }: Looking): Rect {
  return { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
}

/** Cards that somebody works with: they stay in the page wherever the view goes. */
function keptCards(state: CanvasState, connection: { fromNode?: { id: string } | null }): string[] {
  const focused = document.activeElement?.closest<HTMLElement>(".react-flow__node")?.dataset["id"];
  return [focused, connection.fromNode?.id, state.renaming.get()].filter((id) => typeof id === "string");
}
