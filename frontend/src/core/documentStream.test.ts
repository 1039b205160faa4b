import { describe, expect, it, vi } from "vitest";
import { DocumentStream } from "./documentStream";
import { graphOf } from "./graph";
import { aNode } from "./testing";
import type { Change } from "./types";

function change(prev_rev: number, rev: number, x: number): Change {
  return {
    prev_rev,
    rev,
    client_op_id: `c${String(rev)}`,
    ops: [{ op: "set_node", id: "a", fields: { x } }],
  };
}

function open() {
  const events = { applied: vi.fn(), gap: vi.fn(), broken: vi.fn() };
  const stream = new DocumentStream({ graph: graphOf({ nodes: [aNode("a")], edges: [] }), rev: 1 }, events);
  return { stream, events, x: () => stream.graph.nodes.get("a")?.x };
}

describe("the document stream", () => {
  it("applies changes in their order, over revisions that other flows used", () => {
    const { stream, events, x } = open();
    stream.offer(change(1, 4, 10));
    stream.offer(change(4, 9, 20));
    expect([stream.rev, x()]).toEqual([9, 20]);
    expect(events.applied).toHaveBeenCalledTimes(2);
  });

  it("ignores what it has already", () => {
    const { stream, events } = open();
    stream.offer(change(1, 2, 10));
    stream.offer(change(1, 2, 10));
    expect(events.applied).toHaveBeenCalledTimes(1);
  });

  it("holds an early change back, says what is missing, and catches up", () => {
    const { stream, events, x } = open();
    stream.offer(change(2, 3, 30));
    expect(events.gap).toHaveBeenCalledWith(1);
    expect(x()).toBe(0);
    stream.offer(change(1, 2, 20));
    expect([stream.rev, x(), stream.waiting]).toEqual([3, 30, false]);
  });

  it("asks for the whole flow when a change does not fit what is here", () => {
    const { stream, events } = open();
    stream.offer({ prev_rev: 1, rev: 2, client_op_id: "c", ops: [{ op: "delete_node", id: "gone" }] });
    expect(events.broken).toHaveBeenCalled();
    expect(stream.rev).toBe(1);
  });

  it("asks for the whole flow when the server's history is another one", () => {
    const { stream, events } = open();
    stream.offer(change(1, 5, 10));
    stream.offer(change(3, 6, 10));
    stream.expect(2);
    expect(events.broken).toHaveBeenCalledTimes(2);
  });

  it("does not keep early changes without end", () => {
    const { stream, events } = open();
    for (let rev = 10; rev < 1012; rev++) stream.offer(change(rev, rev + 1, 0));
    expect(events.broken).toHaveBeenCalled();
  });
});
