import { useReactFlow } from "@xyflow/react";
import { useMemo, type DragEvent } from "react";
import { COMPONENT_TYPE } from "../core/catalogue";
import { HEAD_HEIGHT, NODE_WIDTH } from "../core/geometry";
import { isObject } from "../core/json";
import type { EditorHandle } from "../core/editorTypes";

/** A component dropped from the palette lands with its title under the pointer, on the grid. */
export function useDrop(editor: EditorHandle) {
  const { screenToFlowPosition } = useReactFlow();
  return useMemo(
    () => ({
      onDragOver(event: DragEvent) {
        if (!event.dataTransfer.types.includes(COMPONENT_TYPE)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
      },
      onDrop(event: DragEvent) {
        const component = parse(event.dataTransfer.getData(COMPONENT_TYPE));
        if (!component) return;
        event.preventDefault();
        const { x, y } = screenToFlowPosition({ x: event.clientX, y: event.clientY }, { snapToGrid: false });
        editor.add(component, { x: x - NODE_WIDTH / 2, y: y - HEAD_HEIGHT / 2 });
      },
    }),
    [editor, screenToFlowPosition],
  );
}

function parse(text: string): { module: string; component: string } | null {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return null;
    const { module, component } = value;
    return typeof module === "string" && typeof component === "string" ? { module, component } : null;
  } catch {
    return null;
  }
}
