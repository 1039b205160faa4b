import { GRID } from "../core/geometry";
import type { IconName } from "../ui/icons";
import { alignSelection, distributeSelection, type Axis, type Edge } from "../editing/align";
import { mayEdit } from "./conditions";
import { canMove, moveSelected } from "./move";
import type { Action, ActionContext } from "./types";

const several = (least: number) => (context: ActionContext) =>
  mayEdit(context) && context.editor.selection.get().nodes.size >= least;

function align(edge: Edge, title: string, key: string, icon: IconName): Action {
  return {
    id: `arrange.${edge}`,
    title,
    group: "Arrange",
    keys: [key],
    icon,
    when: several(2),
    run: ({ editor }) => alignSelection(editor, edge),
  };
}

function distribute(axis: Axis, title: string, key: string, icon: IconName): Action {
  return {
    id: `arrange.distribute-${axis}`,
    title,
    group: "Arrange",
    keys: [key],
    icon,
    when: several(3),
    run: ({ editor }) => distributeSelection(editor, axis),
  };
}

const WAYS = [
  ["Left", "left", -1, 0],
  ["Right", "right", 1, 0],
  ["Up", "up", 0, -1],
  ["Down", "down", 0, 1],
] as const;

/** Four grid steps each; one step is Shift and the arrow alone. */
const FAR = WAYS.map(([key, way, x, y]): Action => ({
  id: `arrange.far-${way}`,
  title: `Move what is selected four steps ${way}`,
  group: "Arrange",
  keys: [`alt+shift+Arrow${key}`],
  on: [],
  onCanvas: true,
  when: canMove,
  run: (context) => moveSelected(context, x * GRID * 4, y * GRID * 4),
}));

export const ARRANGE: readonly Action[] = [
  {
    id: "arrange.tidy",
    title: "Tidy the selected nodes, or all",
    group: "Arrange",
    keys: ["shift+t"],
    when: mayEdit,
    // Nobody needs the layout before asking for it.
    run: ({ editor, view }) =>
      void import("../editing/tidy/tidy")
        .then(async ({ tidy }) => view.intoAll(await tidy(editor)))
        .catch(() => {
          editor.notify(
            { code: "not_loaded", message: "Tidy: the server does not answer. Try again." },
            "warning",
          );
        }),
  },
  align("left", "Align left edges", "alt+l", "alignleft"),
  align("centre", "Align centres", "alt+c", "aligncentre"),
  align("right", "Align right edges", "alt+r", "alignright"),
  align("top", "Align top edges", "alt+t", "aligntop"),
  align("middle", "Align middles", "alt+m", "alignmiddle"),
  align("bottom", "Align bottom edges", "alt+b", "alignbottom"),
  distribute("x", "Distribute from left to right", "alt+h", "spreadacross"),
  distribute("y", "Distribute from top to bottom", "alt+v", "spreaddown"),
  ...FAR,
];
