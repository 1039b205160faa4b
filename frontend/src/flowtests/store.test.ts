import { expect, test } from "vitest";
import { Refusal } from "../core/errors";
import type { TestsRun } from "../core/testsRun";
import { isStale, phaseOf, Tests } from "./store";
import type { TestApi } from "./testApi";
import type { FlowTest, TestResult } from "./types";

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

const RUN: TestsRun = {
  id: "r",
  by: "Ada",
  began: "",
  tests: ["t", "u"],
  done: 0,
  test: null,
  ended: null,
  problem: null,
  stopped_by: null,
};

const refuse = (): Promise<never> => Promise.reject(new Error("not asked for here"));

/** A server that keeps these rows, of which the one named was changed last. */
function serverOf(rows: () => readonly FlowTest[], rev: () => number): TestApi {
  const answer = (tests: readonly FlowTest[]) => ({
    flow_rev: 5,
    rev: rev(),
    ids: rows().map(({ id }) => id),
    stale: [],
    run: null,
    tests,
  });
  return {
    list: () => Promise.resolve(answer(rows())),
    read: refuse,
    create: refuse,
    change: refuse,
    remove: refuse,
    run: refuse,
    stop: refuse,
  };
}

test("who was overtaken sees what the other made of it, and goes on from there", async () => {
  let kept = row({});
  const api: TestApi = {
    ...serverOf(
      () => [kept],
      () => kept.rev,
    ),
    change: (_id, { rev, name = "" }) => {
      if (rev !== kept.rev)
        return Promise.reject(new Refusal(409, "test_changed", "Bob has changed this test."));
      kept = row({ name, rev: rev + 1 });
      return Promise.resolve(kept);
    },
  };
  const store = new Tests("f", api);
  await store.load();
  kept = row({ name: "Theirs", rev: 2 });
  await expect(store.edit("t", (one) => ({ ...one, name: "Lost" }))).rejects.toThrow("Bob");
  expect(store.find("t")).toMatchObject({ name: "Theirs", rev: 2 });
  await store.edit("t", (one) => ({ ...one, name: "Both" }));
  expect(kept).toMatchObject({ name: "Both", rev: 3 });
});

test("results come one by one, and only what is newer is asked for", async () => {
  const passed = { outcome: "passed" } as TestResult;
  let [rows, rev] = [[row({}), row({ id: "u", name: "Other" })], 3];
  const asked: number[] = [];
  const server = serverOf(
    () => rows,
    () => rev,
  );
  const store = new Tests("f", {
    ...server,
    list: async (after) => {
      asked.push(after);
      const all = await server.list(after);
      return { ...all, run: { ...RUN, done: rev - 3 }, tests: after === 0 ? rows : rows.slice(0, 1) };
    },
  });
  await store.told(3, { ...RUN, test: "t" });
  expect([phaseOf("t", store.running.get()), phaseOf("u", store.running.get())]).toEqual(["waits", "waits"]);
  [rows, rev] = [[row({ result: passed, ran_rev: 1, ran_at: "1" }), row({ id: "u", name: "Other" })], 4];
  await store.told(4, { ...RUN, done: 1, test: "u" });
  await store.told(4, { ...RUN, done: 1, test: "u" });
  expect(asked).toEqual([0, 3]);
  expect(store.find("t")?.result).toEqual(passed);
  expect(phaseOf("t", store.running.get())).toBe("rests");
  rows = rows.slice(0, 1);
  rev = 5;
  await store.told(5, { ...RUN, done: 1, ended: "now" });
  expect(store.listed.get().tests.map(({ id }) => id)).toEqual(["t"]);
});

test("an answer that was read before an edit does not take it back", async () => {
  const server = serverOf(
    () => [row({ name: "Before", rev: 1 })],
    () => 1,
  );
  let arrive: () => void = () => undefined;
  const store = new Tests("f", {
    ...server,
    list: async (after) => {
      const answer = await server.list(after);
      if (after > 0) await new Promise<void>((done) => (arrive = done));
      return answer;
    },
    change: (_id, { name = "" }) => Promise.resolve(row({ name, rev: 2 })),
  });
  await store.load();
  const reading = store.load();
  await store.edit("t", (one) => ({ ...one, name: "After" }));
  arrive();
  await reading;
  expect(store.find("t")).toMatchObject({ name: "After", rev: 2 });
});

test("a server that cannot be read is not asked for ever", async () => {
  let asked = 0;
  const store = new Tests("f", {
    ...serverOf(
      () => [],
      () => 0,
    ),
    list: () => {
      asked += 1;
      return Promise.reject(new Error("away"));
    },
  });
  await store.told(9, null);
  expect([asked, store.listed.get().failure]).toEqual([1, "away"]);
});

test("a result is old when the test was edited, or the server says that what it was run with was", () => {
  const ran = row({ result: { outcome: "passed" } as TestResult, ran_rev: 1 });
  expect(isStale(ran, new Set())).toBe(false);
  expect(isStale(ran, new Set(["t"]))).toBe(true);
  expect(isStale({ ...ran, rev: 2 }, new Set())).toBe(true);
  expect(isStale(row({ rev: 2 }), new Set(["t"]))).toBe(false);
});
