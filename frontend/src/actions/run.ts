import type { Action } from "./types";

export const RUN: readonly Action[] = [
  { id: "run.last", title: "Show the last runs", group: "Run", run: ({ open }) => open("runs") },
];
