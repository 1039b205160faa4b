import { expect, it } from "vitest";
import { findInEdge, findInNode, findInNote } from "./find";
import { aNode, anEdge } from "./testing";

const node = aNode("a", {
  label: "Visits",
  comment: "Counts visits",
  component: "stateful_counter",
  settings: { initial: 42, routes: [{ path: "/visits" }] },
});
const places = (query: string) => findInNode(node, "Stateful Counter", query).map(({ place }) => place);

it("looks at names, comments, components and settings, however deep", () => {
  expect(places("visits")).toEqual(["Names", "Comments", "Settings"]);
  expect(places("counter")).toEqual(["Components"]);
  expect(places("42")).toEqual(["Settings"]);
  expect(places("nothing")).toEqual([]);
  expect(places("")).toEqual([]);
});

it("says in which field a value was found", () => {
  expect(findInNode(node, "Stateful Counter", "/vis")[0]?.text).toBe("routes.path: /visits");
});

it("looks at the expressions of wires, and at notes", () => {
  const edge = anEdge("e", "a", "b", { mapping: { amount: "{{ $.count }}" } });
  expect(findInEdge(edge, "a to b", "$.count").map(({ text }) => text)).toEqual(["amount: {{ $.count }}"]);
  const note = {
    id: "n",
    text: "# Title\nWhy it counts\n",
    colour: "",
    x: 0,
    y: 0,
    width: 1,
    height: 1,
    rev: 1,
  };
  expect(findInNote(note as never, "counts")[0]?.text).toBe("Why it counts");
});
