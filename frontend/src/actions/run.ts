import { isSystemPort } from "../core/geometry";
import { portOfWire } from "../core/tapPorts";
import { testHints } from "../live/testHints";
import type { TapPort } from "../core/types";
import { hasSelection } from "./conditions";
import { choiceOf, choose } from "../scenarios/chosen";
import type { Action, ActionContext } from "./types";

export const RUN: readonly Action[] = [
  {
    id: "run.last",
    title: "Show the last runs",
    group: "Run",
    keys: ["shift+r"],
    run: ({ open }) => open("runs"),
  },
  {
    id: "run.debug",
    title: "Show messages as they go by",
    group: "Run",
    keys: ["shift+d"],
    run: ({ open }) => open("debug"),
  },
  {
    id: "run.watch",
    title: "Watch the messages of the selection",
    group: "Run",
    keys: ["shift+w"],
    on: ["node", "wire", "selection"],
    when: hasSelection,
    run: (context) => {
      context.live.taps.watch(selectedPorts(context));
      context.open("debug");
    },
  },
  {
    id: "run.scenarios",
    title: "Show the scenarios of the flow",
    group: "Run",
    keys: ["shift+m"],
    run: ({ open }) => open("scenarios"),
  },
  {
    id: "run.madeup",
    title: "Check the flow without a scenario",
    group: "Run",
    when: ({ editor }) => choiceOf(editor.flow.get().id).id.get() !== null,
    run: ({ editor }) => choose(editor.flow.get().id, null),
  },
  {
    id: "run.tests",
    title: "Show the tests of the flow",
    group: "Run",
    keys: ["shift+e"],
    run: ({ open }) => open("tests"),
  },
  {
    id: "run.test",
    title: "Run all tests of the flow",
    group: "Run",
    keys: ["shift+x"],
    when: ({ editor }) => editor.can.get().control,
    run: ({ open }) => {
      testHints.wish.set(true);
      open("tests");
    },
  },
  {
    id: "run.problems",
    title: "Show the problems of the flow",
    group: "Run",
    keys: ["shift+p"],
    run: ({ open }) => open("problems"),
  },
];

/** Every port of the selected nodes, and those that the selected wires leave from. */
function selectedPorts({ editor }: ActionContext): TapPort[] {
  const { nodes, edges } = editor.selection.get();
  const ofNodes = [...nodes].flatMap((id) =>
    editor
      .portsOf(id)
      .filter(({ name }) => !isSystemPort(name))
      .map(({ name }): TapPort => [id, name]),
  );
  const ofWires = [...edges].map((id) => portOfWire(editor.graph, id)).filter((port) => port !== null);
  return [...ofNodes, ...ofWires];
}
