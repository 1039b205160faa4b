import type { Action } from "./types";

export const HELP: readonly Action[] = [
  {
    id: "help.commands",
    title: "Find a node or run a command",
    group: "Help",
    keys: ["mod+k"],
    inFields: true,
    run: ({ open }) => open("commands"),
  },
  { id: "help.keys", title: "Show the keys", group: "Help", keys: ["?"], run: ({ open }) => open("help") },
  {
    id: "help.connection",
    title: "Show how live values come",
    group: "Help",
    run: ({ open }) => open("connection"),
  },
];
