import { afterEach, expect, it } from "vitest";
import { Editor } from "../core/editor";
import { aNode, anEdge, FakeKeeper, FakeServer } from "../core/testing";
import type { Verdict } from "../core/types";
import type { OpenFlow } from "../live/context";
import { checksSaying, noChecks, noRuns } from "../live/testing";
import { LiveStore } from "../live/store";
import { keepSame, type Found } from "./findProblems";
import { fieldWish, goTo } from "./goTo";
import { TroubleIndex } from "./troubleIndex";

afterEach(() => fieldWish.set(null));

const misfit: Verdict = {
  outcome: "invalid",
  findings: [
    { level: "warning", code: "w", message: "odd", field: "/other" },
    { level: "invalid", code: "required", message: "amount is required", field: "/amount" },
    { level: "invalid", code: "type", message: "no text", field: "/note" },
  ],
};

const findProblems = (flow: OpenFlow): Found => new TroubleIndex(flow).found();

async function open(verdicts?: Record<string, Verdict>) {
  const nodes = [aNode("a", { label: "Visits" }), aNode("b", { label: "Log" })];
  const server = new FakeServer(nodes, [anEdge("ab", "a", "b")]);
  const editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  const live = new LiveStore((run) => run());
  const checks = verdicts ? checksSaying(verdicts) : noChecks();
  return { editor, live, checks, runs: noRuns };
}

it("finds what runs wrong, what is not on the cluster, and mappings that do not fit", async () => {
  const flow = await open({ ab: misfit });
  const told = new Promise<void>((resolve) => flow.checks.subscribeAll(() => resolve()));
  flow.checks.refresh();
  await told;
  const push = { state: "failed", rev: 1, problem: { code: "q", message: "quota is used up" } } as const;
  flow.live.merge({
    full: false,
    nodes: { a: { error: { code: "x", message: "at most 10", field: "/limit" } }, b: { push } },
    edges: {},
  });
  const { troubles, total } = findProblems(flow);
  expect(total).toBe(3);
  expect(troubles.map(({ id, kind, name, message, field }) => [id, kind, name, message, field])).toEqual([
    ["a", "running", "Visits", "at most 10", "/limit"],
    ["b", "push", "Log", "quota is used up", undefined],
    ["ab", "mapping", "Visits → Log", "amount is required (and 1 more)", "/amount"],
  ]);
});

it("says of a wire what happened rather than what may, and the same list again as the same", async () => {
  const flow = await open();
  flow.live.merge({ full: false, nodes: {}, edges: { ab: { error: { code: "x", message: "no leader" } } } });
  const found = findProblems(flow);
  expect(found.troubles.map(({ key }) => key)).toEqual(["ab running"]);
  expect(keepSame(found, findProblems(flow))).toBe(found);
  flow.live.merge({ full: false, nodes: {}, edges: { ab: { error: null } } });
  expect(keepSame(found, findProblems(flow)).total).toBe(0);
});

it("leads to the node, and into the field", async () => {
  const { editor } = await open();
  goTo(editor, { key: "k", id: "b", kind: "running", name: "Log", message: "m", field: "/limit" });
  expect([...editor.selection.get().nodes]).toEqual(["b"]);
  expect(fieldWish.get()).toEqual({ pointer: "/limit" });
});
