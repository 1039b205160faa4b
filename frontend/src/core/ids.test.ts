import { expect, it } from "vitest";
import { newNodeId, newUuid } from "./ids";

it("makes node ids that can end a resource name", () => {
  const ids = Array.from({ length: 500 }, newNodeId);
  for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9]{11}$/);
  expect(new Set(ids).size).toBe(ids.length);
});

it("makes version 4 UUIDs", () => {
  expect(newUuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
