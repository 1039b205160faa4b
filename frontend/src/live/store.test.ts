import { describe, expect, it, vi } from "vitest";
import { LiveStore } from "./store";

function open() {
  const due: (() => void)[] = [];
  const store = new LiveStore((run) => due.push(run));
  const frame = (nodes: object, full = false) => store.merge({ full, nodes: nodes as never, edges: {} });
  const paint = () => due.splice(0).forEach((run) => run());
  return { store, frame, paint, due };
}

describe("LiveStore", () => {
  it("wakes those who watch what changed, once per animation frame", () => {
    const { store, frame, paint, due } = open();
    const [a, b, all] = [vi.fn(), vi.fn(), vi.fn()];
    store.subscribe("a", a);
    store.subscribe("b", b);
    store.subscribeAll(all);
    for (let n = 0; n < 250; n++) frame({ a: { value: String(n) } });
    expect([due.length, a.mock.calls.length]).toEqual([1, 0]);
    paint();
    expect([a, b, all].map((listener) => listener.mock.calls.length)).toEqual([1, 0, 1]);
    expect(store.node("a")?.value).toBe("249");
  });

  it("tells a crowd in turns, so that no frame is long: each within ten frames, the drawings of all at once", () => {
    const { store, frame, paint } = open();
    const told = Array.from({ length: 300 }, () => 0);
    told.forEach((_, number) => store.subscribe(`n${String(number)}`, () => (told[number] = 1)));
    const all = vi.fn();
    store.subscribeAll(all);
    frame(Object.fromEntries(told.map((_, number) => [`n${String(number)}`, { value: "1" }])));
    paint();
    expect(all.mock.calls[0]?.[0]).toHaveLength(300);
    const first = told.reduce((sum, one) => sum + one);
    expect(first).toBeLessThanOrEqual(30);
    for (let frames = 0; frames < 14; frames++) paint();
    expect(told.every((one) => one === 1)).toBe(true);
    expect(all).toHaveBeenCalledTimes(1);
  });

  it("leaves what a delta does not name as it was", () => {
    const { store, frame } = open();
    frame({ a: { state: "running", value: "1", stats: { rate: 2, p95_ms: 3 }, last: { in: 1 } } });
    frame({ a: { stats: { rate: 5 }, error: null, last: { out: 2 } } });
    expect(store.node("a")).toEqual({
      state: "running",
      value: "1",
      stats: { rate: 5, p95_ms: 3 },
      error: null,
      last: { in: 1, out: 2 },
    });
  });

  it("starts over with a full frame, and wakes those whose node is gone", () => {
    const { store, frame, paint } = open();
    frame({ a: { value: "1" }, b: { value: "1" } });
    paint();
    const b = vi.fn();
    store.subscribe("b", b);
    frame({ a: { state: "idle" } }, true);
    paint();
    expect(store.node("a")).toEqual({ state: "idle" });
    expect(store.node("b")).toBeUndefined();
    expect(b).toHaveBeenCalledTimes(1);
  });

  it("keeps one entry per node, however many frames come before a paint", () => {
    const { store, frame, due } = open();
    for (let n = 0; n < 5000; n++) frame({ [`n${String(n % 100)}`]: { value: String(n) } });
    expect(due).toHaveLength(1);
    expect(store.node("n99")?.value).toBe("4999");
  });

  it("forgets listeners that left", () => {
    const { store, frame, paint } = open();
    const listener = vi.fn();
    store.subscribe("a", listener)();
    frame({ a: { value: "1" } });
    paint();
    expect(listener).not.toHaveBeenCalled();
  });
});
