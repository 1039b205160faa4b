import { expect, it } from "vitest";
import type { Tab } from "../core/presence";
import { colourOf, initials, namesOf, peopleOf } from "./people";

const tab = (person: string, name: string, more: Partial<Tab> = {}): Tab => ({
  person,
  name,
  away: false,
  view: null,
  selection: [],
  form: null,
  ...more,
});

it("makes one of several tabs, led by the one in which something is done", () => {
  const tabs = new Map([
    ["b1", tab("2", "Bob", { away: true, form: { node: "n", pointer: "" } })],
    ["b2", tab("2", "Bob", { selection: ["n"] })],
    ["a", tab("1", "Ada")],
    ["me", tab("9", "Zoe")],
  ]);
  const people = peopleOf(tabs, "me");
  expect(people.map(({ name, isMe, away }) => [name, isMe, away])).toEqual([
    ["Zoe", true, false],
    ["Ada", false, false],
    ["Bob", false, false],
  ]);
  expect(people[2]?.tabs).toEqual(["b2", "b1"]);
});

it("takes who looks at none of their tabs for away", () => {
  const tabs = new Map([["b", tab("2", "Bob", { away: true })]]);
  expect(peopleOf(tabs, "me")[0]?.away).toBe(true);
});

it("keeps a person's colour, and gives neighbours different ones", () => {
  expect(colourOf("17")).toBe(colourOf("17"));
  expect(new Set(["1", "2", "3", "4", "5", "6"].map(colourOf)).size).toBe(6);
  expect(colourOf("visitor-3f")).toBeLessThan(6);
});

it("shortens names", () => {
  expect(["Ada Lovelace", "grace.hopper", "bob", "Ö", ""].map(initials)).toEqual([
    "AL",
    "GH",
    "BO",
    "Ö",
    "?",
  ]);
  expect(namesOf(["Ada"])).toBe("Ada");
  expect(namesOf(["Ada", "Bob"])).toBe("Ada and Bob");
  expect(namesOf(["Ada", "Bob", "Eve", "Zoe"])).toBe("Ada, Bob and 2 others");
});
