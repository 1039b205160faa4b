import { beforeEach, expect, it } from "vitest";
import { Remembered } from "./remembered";

beforeEach(() => localStorage.clear());

it("keeps the newest first, once each, and no more than it may", () => {
  const list = new Remembered("k", 3);
  for (const item of ["a", "b", "a", "c", "d"]) list.put(item);
  expect(list.list.get()).toEqual(["d", "c", "a"]);
  expect(new Remembered("k", 3).list.get()).toEqual(["d", "c", "a"]);
});

it("takes a liked item out again", () => {
  const list = new Remembered("k", 3);
  for (const item of ["a", "b", "a"]) list.toggle(item);
  expect(list.list.get()).toEqual(["b"]);
});

it("begins anew where something else was stored", () => {
  for (const stored of ["{", '{"a":1}', "[1]"]) {
    localStorage.setItem("k", stored);
    expect(new Remembered("k", 3).list.get()).toEqual([]);
  }
});
