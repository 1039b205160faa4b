import { expect, it } from "vitest";
import { completed, mentionAt, offers } from "./completion";

it("finds the name that is being written where the caret is", () => {
  expect(mentionAt("Ask @gr", 7)).toEqual({ from: 4, typed: "gr" });
  expect(mentionAt("@", 1)).toEqual({ from: 0, typed: "" });
  expect(mentionAt("(@ada.b", 7)).toEqual({ from: 1, typed: "ada.b" });
  expect(mentionAt("Ask @gr now", 11)).toBeNull();
  expect(mentionAt("ada@example", 11)).toBeNull();
  expect(mentionAt("@ada@exa", 8)).toEqual({ from: 0, typed: "ada@exa" });
  expect(mentionAt("@@", 2)).toBeNull();
});

it("offers names that begin with it before those that have it in them, and not all of many", () => {
  expect(offers(["Magda", "ada", "Adam", "bob"], "ada")).toEqual(["ada", "Adam"]);
  expect(offers(["Magda", "ada"], "da")).toEqual(["Magda", "ada"]);
  expect(offers(["dora", "Magda"], "d")).toEqual(["dora", "Magda"]);
  expect(offers(["Magda", "dora"], "d")).toEqual(["dora", "Magda"]);
  expect(
    offers(
      Array.from({ length: 20 }, (_, n) => `p${String(n)}`),
      "",
    ),
  ).toHaveLength(8);
});

it("puts the whole name in, with one blank behind it", () => {
  const mention = { from: 4, typed: "gr" };
  expect(completed("Ask @gr", mention, "grace")).toEqual({ text: "Ask @grace ", caret: 11 });
  expect(completed("Ask @gr now", mention, "grace")).toEqual({ text: "Ask @grace now", caret: 11 });
});
