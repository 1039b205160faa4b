import { chooseTheme } from "../ui/theme";
import type { Action } from "./types";

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
  { id: "view.light", title: "Light theme", group: "View", run: () => chooseTheme("light") },
  { id: "view.dark", title: "Dark theme", group: "View", run: () => chooseTheme("dark") },
  { id: "view.system", title: "Theme of the system", group: "View", run: () => chooseTheme("system") },
];
