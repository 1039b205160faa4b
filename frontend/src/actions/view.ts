import { chooseTheme } from "../ui/theme";
import { focusCard } from "../canvas/focus";
import { hasSelection, onlyNode } from "./conditions";
import type { Action, ActionContext } from "./types";

/** The first that is there takes the focus. */
function focusFirst(...selectors: readonly string[]): void {
  for (const selector of selectors) {
    const found = document.querySelector<HTMLElement>(selector);
    if (found) return found.focus();
  }
}

const PARTS = [".topbar", ".palette", ".canvas", ".inspector"];

function nextPart(context: ActionContext): void {
  const here = PARTS.findIndex((part) => document.activeElement?.closest(part));
  const next = PARTS[(here + 1) % PARTS.length] ?? ".canvas";
  const node = onlyNode(context);
  if (next === ".canvas" && node !== null) focusCard(node);
  else if (next === ".canvas") focusFirst(".react-flow");
  else focusFirst(`${next} :is(input, button:not(:disabled), [tabindex="0"])`);
}

export const VIEW: readonly Action[] = [
  {
    id: "view.fit",
    title: "Fit the flow into view",
    group: "View",
    keys: ["f"],
    run: ({ view }) => view.fit(),
  },
  { id: "view.in", title: "Zoom in", group: "View", keys: ["+", "="], run: ({ view }) => view.zoomIn() },
  { id: "view.out", title: "Zoom out", group: "View", keys: ["-"], run: ({ view }) => view.zoomOut() },
  {
    id: "view.reset",
    title: "Zoom to 100 %",
    group: "View",
    keys: ["0"],
    run: ({ view }) => view.zoomReset(),
  },
  {
    id: "view.find",
    title: "Find in this flow",
    group: "View",
    keys: ["mod+f"],
    inFields: true,
    on: ["canvas"],
    run: ({ open }) => open("find"),
  },
  {
    id: "view.table",
    title: "Show the flow as a table",
    group: "View",
    keys: ["t"],
    on: ["canvas"],
    run: ({ open }) => open("table"),
  },
  {
    id: "view.activity",
    title: "Show what people did",
    group: "View",
    keys: ["shift+a"],
    run: ({ open }) => open("activity"),
  },
  {
    id: "view.settings",
    title: "Go to the settings of what is selected",
    group: "View",
    keys: ["Enter"],
    onCanvas: true,
    on: [],
    when: hasSelection,
    run: () =>
      focusFirst(".inspector [data-pointer] :is(input, select, textarea, button)", ".inspector button"),
  },
  {
    id: "view.part",
    title: "Go to the next part of the page: bar, components, canvas, inspector",
    group: "View",
    keys: ["F6"],
    inFields: true,
    run: nextPart,
  },
  { id: "view.light", title: "Light theme", group: "View", run: () => chooseTheme("light") },
  { id: "view.dark", title: "Dark theme", group: "View", run: () => chooseTheme("dark") },
  { id: "view.system", title: "Theme of the system", group: "View", run: () => chooseTheme("system") },
];
