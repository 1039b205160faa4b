import type { Action, ActionContext } from "./types";

export const DASHBOARD: readonly Action[] = [
  {
    id: "dashboard.add",
    title: "Add the node's control panel to a dashboard",
    group: "Flow",
    keys: ["shift+b"],
    on: ["node"],
    when: hasControlPanel,
    run: ({ open }) => open("dashboard"),
  },
  {
    id: "dashboard.open",
    title: "Open the project's dashboard",
    group: "Flow",
    run: ({ editor }) => {
      location.assign(`/projects/${editor.flow.get().project.id}/dashboards/`);
    },
  },
];

/** One node is selected, it has a control panel, and this person may change the project's dashboard. */
function hasControlPanel({ editor }: ActionContext): boolean {
  const { nodes, edges } = editor.selection.get();
  const [node] = nodes;
  if (nodes.size !== 1 || edges.size > 0 || node === undefined || !editor.can.get().edit) return false;
  return editor.portsOf(node).some(({ name }) => name === "_control");
}
