import { shownPast } from "../live/past";
import type { Action } from "./types";

export const VERSIONS: readonly Action[] = [
  {
    id: "versions.open",
    title: "Show the versions of the flow: name, compare and restore them",
    group: "Flow",
    keys: ["shift+v"],
    on: ["canvas"],
    run: ({ open }) => open("versions"),
  },
  {
    id: "versions.next",
    title: "Go to the next difference",
    group: "View",
    keys: ["j"],
    when: compares,
    run: () => shownPast.get()?.step(1),
  },
  {
    id: "versions.previous",
    title: "Go to the difference before",
    group: "View",
    keys: ["k"],
    when: compares,
    run: () => shownPast.get()?.step(-1),
  },
  {
    id: "versions.back",
    title: "Go back to the flow as it is now",
    group: "View",
    keys: ["b"],
    when: () => shownPast.get() !== null,
    run: () => shownPast.get()?.back(),
  },
];

function compares(): boolean {
  return (shownPast.get()?.differs.size ?? 0) > 0;
}
