import { describe, expect, it } from "vitest";

import { Refusal } from "./errors";
import { leftOver } from "./leftOver";
import type { Op } from "./types";

const move = (id: string): Op => ({ op: "set_node", id, fields: { x: 1 } });
const wire = (id: string, source: string, target: string): Op => ({
  ...{ op: "add_edge", id, source, target, source_port: "out", target_port: "in" },
});
const gone = (thing: string, code = "node_deleted") => new Refusal(409, code, "Gone.", { thing, op: 0 });

describe("what is left of a batch", () => {
  it("is everything else than what is gone, and what hung on it", () => {
    const ops = [move("a"), move("b"), wire("e", "a", "b"), { op: "delete_edge", id: "e" } as Op, move("c")];
    expect(leftOver(ops, gone("a"))).toEqual({
      ops: [move("b"), move("c")],
      lost: [move("a"), wire("e", "a", "b")],
    });
  });

  it("loses nothing where what is gone was to go", () => {
    const ops: Op[] = [{ op: "delete_node", id: "a" }, move("b")];
    expect(leftOver(ops, gone("a"))).toEqual({ ops: [move("b")], lost: [] });
  });

  it("stays, outside of a group that is gone", () => {
    const into: Op = { op: "set_node", id: "a", fields: { x: 1, group: "g" } };
    const only: Op = { op: "set_node", id: "b", fields: { group: "g" } };
    const added: Op = { op: "add_note", id: "n", x: 0, y: 0, width: 50, height: 50, group: "g" };
    expect(leftOver([into, only, added], gone("g", "group_deleted"))?.ops).toEqual([
      move("a"),
      { ...added, group: null },
    ]);
  });

  it("is all but the one where the items of a list moved", () => {
    const set = (key: string): Op => ({ op: "set_setting", id: "a", path: [key, 0], value: 1 });
    const refusal = new Refusal(409, "list_changed", "Moved.", { op: 1 });
    expect(leftOver([set("x"), set("y")], refusal)).toEqual({ ops: [set("x")], lost: [set("y")] });
  });

  it("is nothing that is known where it was refused for other reasons, or reaches into other flows", () => {
    expect(leftOver([move("a")], new Refusal(422, "secret_literal", "No.", { op: 0 }))).toBeNull();
    expect(leftOver([move("a"), { op: "move_node", id: "b", flow: "f" }], gone("a"))).toBeNull();
    expect(leftOver([move("b")], gone("a"))).toBeNull();
  });
});
