import { expect, it } from "vitest";
import { aPort } from "../core/testing";
import { RUN } from "./run";
import { openActions } from "./testing";
import { isPossible } from "./types";

const watch = RUN.find(({ id }) => id === "run.watch");

it("watches every port of a node, and a wire where it sets out", async () => {
  const { context, editor, live, opened } = await openActions();
  expect(watch && isPossible(watch, context)).toBe(false);
  editor.live({ full: false, nodes: { a: { ports: [aPort("in", false), aPort("out", true)] } }, edges: {} });
  editor.select({ nodes: ["a"] });
  expect(watch && isPossible(watch, context)).toBe(true);
  watch?.run(context);
  editor.select({ edges: ["ab"] });
  watch?.run(context);
  expect(live.taps.watched.get()).toEqual([
    ["a", "in"],
    ["a", "out"],
  ]);
  expect(opened).toEqual(["debug", "debug"]);
});
