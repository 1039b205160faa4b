import type { Action, ActionContext } from "./types";

export const MAPPING: readonly Action[] = [
  {
    id: "mapping.open",
    title: "Map the selected wire: source, mapping and result side by side",
    group: "View",
    keys: ["m"],
    on: ["wire"],
    when: hasOneWire,
    run: ({ open }) => open("mapping"),
  },
];

function hasOneWire({ editor }: ActionContext): boolean {
  const { nodes, edges } = editor.selection.get();
  return nodes.size === 0 && edges.size === 1;
}
