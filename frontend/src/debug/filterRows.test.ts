import { expect, it } from "vitest";
import type { DebugRow } from "../live/debugLog";
import { filterRows } from "./filterRows";

const row = (number: number, node: string, message: DebugRow["message"]): DebugRow => ({
  number,
  node,
  port: "out",
  at: number,
  message,
  host: "h",
});
const rows = [row(1, "a", { user: "Ann", ok: true }), row(2, "b", { user: "Bob" }), row(3, "a", "Ann again")];
const found = (filter: string) =>
  filterRows(rows, filter, (node) => (node === "a" ? "Visits" : "Log")).map(({ number }) => number);

it("finds all words, in names, ports and messages, whatever their case", () => {
  expect(found("")).toEqual([1, 2, 3]);
  expect(found("ann")).toEqual([1, 3]);
  expect(found("visits ok")).toEqual([1]);
  expect(found("log out")).toEqual([2]);
  expect(found("nobody")).toEqual([]);
});
