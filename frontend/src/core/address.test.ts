import { expect, it } from "vitest";
import { addressOf, linkTo, readAddress } from "./address";

const FLOW = "http://127.0.0.1:8000/projects/p/flows/f/";

it("carries the group that is open, and nothing else of where one was", () => {
  expect(addressOf(`${FLOW}?node=abc#canvas`, "g")).toBe(`${FLOW}?group=g`);
  expect(addressOf(`${FLOW}?group=g`, null)).toBe(FLOW);
});

it("leads to a node wherever it stands by then", () => {
  expect(linkTo(`${FLOW}?group=g`, "abc")).toBe(`${FLOW}?node=abc`);
  expect(readAddress(`${FLOW}?node=abc`)).toEqual({ group: null, node: "abc", comment: null });
});
