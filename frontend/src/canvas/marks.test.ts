import { describe, expect, it } from "vitest";
import { Editor } from "../core/editor";
import { Drawing as FoldedFlow } from "../core/groups/drawing";
import { Scene, type SceneCard } from "../core/scene";
import { aGroup, aNode, anEdge, FakeKeeper, FakeServer } from "../core/testing";
import type { Lit } from "../live/replay";
import { LiveStore } from "../live/store";
import { BoxStates } from "./boxStates";
import { byCard, Marks } from "./marks";
import { boxColour } from "./paintFlow";
import { paintLit, paintMarkedWires, paintTroubles } from "./paintMarks";
import { NAMED, Sheet } from "./testing";

const PLAIN = { x: 0, y: 0, zoom: 0.1 };
const broken = { code: "x", message: "No" };

/** a -> b, and c and d in a collapsed group, c -> d -> b. */
async function open() {
  const server = new FakeServer(
    [
      aNode("a"),
      aNode("b", { x: 1_000 }),
      aNode("cc", { y: 1_000, group: "g" }),
      aNode("dd", { y: 2_000, group: "g" }),
    ],
    [anEdge("ab", "a", "b"), anEdge("cd", "cc", "dd"), anEdge("db", "dd", "b")],
  );
  server.document = { ...server.document, groups: [aGroup("g", { y: 1_000, collapsed: true })] };
  const editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  const live = new LiveStore((run) => run());
  const scene = new Scene(new FoldedFlow(editor));
  scene.follow();
  let looked = 0;
  const counted = {
    node: (id: string) => (looked++, live.node(id)),
    edge: (id: string) => (looked++, live.edge(id)),
  };
  const states = new BoxStates(editor, counted);
  const marks = new Marks(scene, states, counted);
  marks.refresh();
  const card = (id: string) => scene.card(id) as SceneCard;
  const say = (nodes: object, edges: object = {}) =>
    live.merge({ full: false, nodes: nodes as never, edges: edges as never });
  const counting = (run: () => void): number => {
    looked = 0;
    run();
    return looked;
  };
  return { editor, live, scene, states, marks, card, say, counting };
}

describe("a box", () => {
  it("has the colour of its node, and a collapsed group's that of the worst of its nodes", async () => {
    const { states, card, say, editor } = await open();
    expect(boxColour(card("g"), states, NAMED)).toBe("idle");
    say({ a: { state: "running" }, cc: { state: "running" }, dd: { state: "running", error: broken } });
    expect(boxColour(card("a"), states, NAMED)).toBe("running");
    expect(boxColour(card("g"), states, NAMED)).toBe("error");
    expect(states.cardOf("dd")).toBe("g");
    editor.select({ nodes: ["cc", "dd"] });
    expect(boxColour(card("g"), states, NAMED)).toBe("accent");
  });
});

describe("problems from far", () => {
  it("have a mark of their own shape, of which one stands for many in a place", async () => {
    const { scene, marks, say } = await open();
    say({ a: { error: broken }, dd: { error: broken } }, { ab: { error: broken } });
    expect(marks.update(["a", "dd", "ab"])).toBe(true);
    expect([...marks.cards]).toEqual(["a", "g"]);
    const sheet = new Sheet();
    paintTroubles(sheet.context, scene, marks, PLAIN, NAMED, 1);
    // At a, at the group, and in the middle of the wire.
    expect(sheet.shapes).toEqual([["error", 3]]);
    expect(sheet.boxes).toHaveLength(3);
    const nearer = new Sheet();
    paintTroubles(nearer.context, scene, marks, { ...PLAIN, zoom: 0.001 }, NAMED, 1);
    expect(nearer.shapes).toEqual([["error", 1]]);
  });

  it("cost what was touched, and are not drawn again while they are the same", async () => {
    const { marks, say, counting } = await open();
    say({ a: { error: broken } });
    expect(counting(() => expect(marks.update(["a"])).toBe(true))).toBe(1);
    say({ a: { rate: 3 } });
    expect(counting(() => expect(marks.update(["a", "gone"])).toBe(false))).toBe(1);
    // Two nodes touched of one group: looked at once.
    expect(counting(() => marks.update(["cc", "dd"]))).toBe(2);
    say({ a: { error: null } });
    expect(marks.update(["a"])).toBe(true);
    expect(marks.cards.size).toBe(0);
  });
});

describe("wires from far", () => {
  it("are thicker and coloured where messages wait", async () => {
    const { scene, marks, say } = await open();
    say({}, { ab: { queued: 20 }, db: { queued: 600 } });
    marks.update(["ab", "db"]);
    const sheet = new Sheet();
    paintMarkedWires(sheet.context, scene, marks, PLAIN, NAMED, 2);
    expect(sheet.strokes).toEqual([
      ["pressure", 5, 1],
      ["blocked", 7, 1],
    ]);
    say({}, { ab: { queued: 0 }, db: { queued: 0 } });
    expect(marks.update(["ab", "db"])).toBe(true);
    expect(marks.wires.size).toBe(0);
  });
});

describe("a replayed run from far", () => {
  it("outlines what has its message now or failed with it, by the cards that show them", async () => {
    const { scene, states, card } = await open();
    const lights = new Map<string, Lit>([
      ["a", "past"],
      ["cc", "past"],
      ["dd", "failed"],
      ["db", "lit"],
    ]);
    expect([...byCard(lights, states)]).toEqual([
      ["a", "past"],
      ["g", "failed"],
      ["db", "lit"],
    ]);
    const sheet = new Sheet();
    paintLit(sheet.context, scene, byCard(lights, states), PLAIN, NAMED, () => "own", 1);
    expect(sheet.boxes.map(([colour]) => colour)).toEqual(["own", "own"]);
    expect(sheet.outlines.map(([colour]) => colour)).toEqual(["error", "error"]);
    expect(sheet.strokes.filter(([, , lines]) => lines > 0)).toEqual([["accent", 4, 1]]);
    expect(card("g").rect.y).toBe(1_000);
  });
});
