import { expect, test } from "vitest";
import { Refusal } from "../core/errors";
import { Tests } from "./store";
import type { TestApi } from "./testApi";
import type { FlowTest } from "./types";

const row = (more: Partial<FlowTest>): FlowTest => ({
  id: "t",
  name: "Mine",
  body: { given: [], expect: [] } as unknown as FlowTest["body"],
  rev: 1,
  created_by: "Ada",
  result: null,
  ran_at: null,
  ran_flow_rev: 0,
  ran_rev: 0,
  ...more,
});

test("who was overtaken sees what the other made of it, and goes on from there", async () => {
  let kept = row({});
  const api: TestApi = {
    list: () => Promise.resolve({ flow_rev: 5, tests: [kept] }),
    create: () => Promise.resolve(kept),
    change: (_id, { rev, name = "" }) => {
      if (rev !== kept.rev)
        return Promise.reject(new Refusal(409, "test_changed", "Bob has changed this test."));
      kept = row({ name, rev: rev + 1 });
      return Promise.resolve(kept);
    },
    remove: () => Promise.resolve(),
    run: () => Promise.resolve({ flow_rev: 5, tests: [] }),
  };
  const store = new Tests("f", api);
  await store.load();
  kept = row({ name: "Theirs", rev: 2 });
  await expect(store.edit("t", (one) => ({ ...one, name: "Lost" }))).rejects.toThrow("Bob");
  expect(store.find("t")).toMatchObject({ name: "Theirs", rev: 2 });
  await store.edit("t", (one) => ({ ...one, name: "Both" }));
  expect(kept).toMatchObject({ name: "Both", rev: 3 });
});
