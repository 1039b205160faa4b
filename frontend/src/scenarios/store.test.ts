import { beforeEach, expect, test, vi } from "vitest";
import { Refusal } from "../core/errors";
import type { ScenarioApi } from "./scenarioApi";
import { Scenarios } from "./store";
import type { Scenario } from "./types";

function scenario(id: string, more: Partial<Scenario> = {}): Scenario {
  return { id, name: id, rev: 1, created_by: "Ada", ports: [], ...more };
}

function apiWith(...kept: Scenario[]): ScenarioApi {
  return {
    list: vi.fn(() => Promise.resolve(kept)),
    create: (id, name, ports) => Promise.resolve(scenario(id, { name, ports })),
    change: (id, change) => Promise.resolve(scenario(id, { name: change.name ?? id, rev: change.rev + 1 })),
    remove: () => Promise.resolve(),
  };
}

let flow = 0;
const open = (api: ScenarioApi): Scenarios => new Scenarios(`flow-${String(flow)}`, api);

beforeEach(() => {
  flow += 1;
  localStorage.clear();
});

test("two who ask at once share one request", async () => {
  const api = apiWith(scenario("a"));
  const store = open(api);
  await Promise.all([store.load(), store.load()]);
  expect(api.list).toHaveBeenCalledTimes(1);
  expect(store.listed.get()).toEqual({ scenarios: [scenario("a")], loaded: true, failure: "" });
});

test("the chosen scenario says what a port sends, and is remembered", async () => {
  const kept = scenario("a", { ports: [{ node: "n", port: "out", data: { count: 3 } }] });
  const store = open(apiWith(kept));
  await store.load();
  expect(store.sampleOf("n", "out")).toBeUndefined();
  store.choose("a");
  expect(store.sampleOf("n", "out")).toEqual({ count: 3 });
  expect(store.sampleOf("n", "error")).toBeUndefined();
  expect(localStorage.getItem(`weirflow.scenario.${store.flow}`)).toBe("a");
});

test("what is made, changed and deleted stands in the list at once", async () => {
  const store = open(apiWith());
  const made = await store.create("New", []);
  expect(store.listed.get().scenarios).toEqual([made]);
  await store.edit(made.id, (one) => ({ ...one, name: "Other" }));
  expect(store.find(made.id)?.name).toBe("Other");
  store.choose(made.id);
  await store.remove(made.id);
  expect(store.listed.get().scenarios).toEqual([]);
  expect(store.chosen.get()).toBeNull();
});

test("who was overtaken sees what the other made of it", async () => {
  const api = apiWith(scenario("a", { rev: 2, name: "Theirs" }));
  api.change = () => Promise.reject(new Refusal(409, "scenario_changed", "Bob has changed this scenario."));
  const store = open(api);
  await store.load();
  await expect(store.edit("a", (one) => ({ ...one, name: "Mine" }))).rejects.toThrow("Bob");
  await vi.waitFor(() => expect(store.find("a")?.name).toBe("Theirs"));
});

test("edits in a row are shown at once and sent one after the other, each on the revision before", async () => {
  const api = apiWith(scenario("a"));
  const sent: number[] = [];
  api.change = (id, { rev, name = "" }) => {
    sent.push(rev);
    return Promise.resolve(scenario(id, { name, rev: rev + 1 }));
  };
  const store = open(api);
  await store.load();
  const first = store.edit("a", (one) => ({ ...one, name: "A1" }));
  const second = store.edit("a", (one) => ({ ...one, name: `${one.name}2` }));
  expect(store.find("a")?.name).toBe("A12");
  await Promise.all([first, second]);
  expect(sent).toEqual([1, 2]);
  expect(store.find("a")).toMatchObject({ name: "A12", rev: 3 });
});

test("a list that cannot be read says why and keeps what was there", async () => {
  const api = apiWith(scenario("a"));
  const store = open(api);
  await store.load();
  api.list = () => Promise.reject(new Error("The server cannot be reached."));
  await store.load();
  expect(store.listed.get()).toMatchObject({ failure: "The server cannot be reached.", loaded: true });
  expect(store.find("a")).toBeDefined();
});
