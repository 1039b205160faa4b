import { mayEdit } from "./conditions";
import type { Action } from "./types";

export const FILES: readonly Action[] = [
  {
    id: "files.export",
    title: "Export the flow as a file",
    group: "Flow",
    on: ["canvas"],
    run: ({ editor }) => {
      const link = document.createElement("a");
      link.href = `/api/flows/${editor.flow.get().id}/export`;
      link.download = "";
      link.click();
    },
  },
  {
    id: "files.copy",
    title: "Copy the flow's file to the clipboard",
    group: "Flow",
    run: ({ editor }) => void import("../files/exportFlow").then(({ copyFile }) => copyFile(editor)),
  },
  {
    id: "files.import",
    title: "Import a file into the flow, also flows of Node-RED",
    group: "Flow",
    keys: ["shift+i"],
    on: ["canvas"],
    when: mayEdit,
    run: ({ open }) => open("import"),
  },
  {
    id: "files.templates",
    title: "Start from a template",
    group: "Flow",
    keys: ["shift+y"],
    on: ["canvas"],
    when: mayEdit,
    run: ({ open }) => open("templates"),
  },
];
