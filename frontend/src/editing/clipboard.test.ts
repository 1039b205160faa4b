import { describe, expect, it } from "vitest";
import { schemasOf } from "../core/contents";
import type { Schema } from "../core/types";
import { aNode, anEdge, aPort, openFlow, PASS, aComponent, wires } from "./testing";
import { copyNotes, copySelection, toText, type Contents } from "./contents";
import { paste } from "./paste";
import { readContents } from "./readContents";
import { withoutSecrets } from "./secrets";

const ID = "abcdefghijkl";
const chain = [aNode("a", { x: 0, y: 0 }), aNode(ID, { x: 288 }), aNode("c", { x: 576 })];
const joined = [anEdge("1", "a", ID, { mapping: { x: 1 } }), anEdge("2", ID, "c")];

async function copied(ids: string[], cut = false) {
  const flow = await openFlow(chain, joined);
  flow.editor.select({ nodes: ids });
  const copy = copySelection(flow.editor, cut);
  if (!copy) throw new Error("nothing was copied");
  return { ...flow, contents: copy.contents };
}

function read(text: string) {
  const reading = readContents(text);
  return "contents" in reading ? reading.contents : reading.problem;
}

describe("what is copied", () => {
  it("is read again as it was written", async () => {
    const { contents } = await copied(["a", ID]);
    expect(contents.edges).toHaveLength(1);
    expect(read(toText(contents))).toEqual(contents);
  });

  it("keeps how a wire hands over", async () => {
    const retry_policy = {
      maxAttempts: 3,
      initialDelayMs: 100,
      backoffCoefficient: 2,
      maxDelayMs: 1000,
      nonRetryableErrorCodes: ["bad"],
    };
    const flow = await openFlow(chain, [anEdge("1", "a", ID, { timeout_ms: 500, retry_policy })]);
    flow.editor.select({ nodes: ["a", ID] });
    const contents = read(toText(copySelection(flow.editor, false)?.contents as Contents)) as Contents;
    expect(contents.edges[0]).toMatchObject({ timeout_ms: 500, retry_policy });
    paste(flow.editor, contents, { x: 0, y: 500 });
    const pasted = [...flow.editor.graph.edges.values()].find(({ id }) => id !== "1");
    expect(pasted).toMatchObject({ timeout_ms: 500, retry_policy });
  });

  it("holds notes as long as a person can write them", async () => {
    const { contents } = await copied(["a"]);
    const note = { id: "n", text: "x".repeat(20_000), colour: "amber", x: 0, y: 0, width: 96, height: 96 };
    const long = { ...contents, notes: [note] } as Contents;
    expect(read(toText(long))).toEqual(long);
  });

  it("comes without secrets, by the schema or by the name, but with references and expressions", () => {
    const schema: Schema = {
      $defs: { Key: { type: "string", secret: true } },
      properties: {
        key: { anyOf: [{ $ref: "#/$defs/Key" }, { type: "null" }] },
        keys: { type: "array", items: { $ref: "#/$defs/Key" } },
        other: { type: "object", additionalProperties: { writeOnly: true } },
      },
    };
    const value = {
      key: "hunter2",
      keys: ["hunter2", "[[secret:a/b]]"],
      other: { any: "hunter2" },
      headers: { Authorization: "Bearer hunter2", accept: "text/html" },
      password: "{{ $.password }}",
      api_key: "[[secret:a/b]]",
    };
    const { value: clean, removed } = withoutSecrets(schema, value);
    expect(clean).toEqual({
      keys: ["", "[[secret:a/b]]"],
      other: {},
      headers: { accept: "text/html" },
      password: "{{ $.password }}",
      api_key: "[[secret:a/b]]",
    });
    expect(removed).toBe(4);
    const harmless = { a: { b: [1, "x"] } };
    expect(withoutSecrets(null, harmless).value).toBe(harmless);
  });

  it("loses the secrets of a node's settings", async () => {
    const ports = [aPort("_settings", false, { schema: { properties: { pin: { secret: true } } } })];
    const { editor } = await openFlow(
      [aNode("a", { settings: { pin: "1234", size: 3 } })],
      [],
      [aComponent("debug", ports)],
    );
    editor.select({ nodes: ["a"] });
    expect(copySelection(editor, false)).toMatchObject({
      contents: { nodes: [{ settings: { size: 3 } }] },
      leftOut: 1,
    });
  });
});

describe("what is pasted", () => {
  it("has ids of its own, its middle where it was asked for, and the wires between", async () => {
    const { editor, contents } = await copied(["a", ID]);
    paste(editor, contents, { x: 1000, y: 1000 });
    const added = [...editor.graph.nodes.values()].slice(3);
    expect(added.map(({ x }) => x)).toEqual([756 + 12, 1044 + 12]);
    expect(new Set(added.map(({ id }) => id))).toEqual(editor.selection.get().nodes);
    expect(editor.graph.edges.size).toBe(3);
    expect(editor.history.get().undo).toBe("Paste 2 nodes");
  });

  it("brings whole groups along with their notes, and what was said of open definitions", async () => {
    const schemas = { in: { Order: { type: "object" } } };
    const nodes = [
      aNode("a", { group: "g", schemas }),
      aNode("b", { group: "g", x: 288 }),
      aNode("c", { x: 576 }),
    ];
    const { editor, server } = await openFlow(nodes);
    const frame = { x: -24, y: -48, width: 600, height: 400, colour: "blue" as const };
    editor.receive(
      server.commit(
        [
          { op: "add_group", id: "g", name: "Orders", ...frame },
          { op: "add_note", id: "n", text: "Why", ...frame, x: 0, y: 100, width: 200, height: 100 },
          { op: "set_node", id: "a", fields: { group: "g" } },
        ],
        "theirs",
      ),
    );
    editor.select({ nodes: ["a"] });
    expect(copySelection(editor, false)?.contents.groups).toEqual([]);
    editor.select({ nodes: ["a", "b"] });
    const copy = copySelection(editor, false);
    const contents = read(toText(copy?.contents as NonNullable<typeof copy>["contents"]));
    if (typeof contents === "string") throw new Error(contents);
    paste(editor, contents, { x: 1000, y: 1000 });
    const group = [...editor.graph.groups.values()][1];
    const [one, two] = [...editor.selection.get().nodes].map((id) => editor.graph.nodes.get(id));
    expect([one?.group, two?.group, schemasOf(one)]).toEqual([group?.id, group?.id, schemas]);
    expect(group).toMatchObject({ name: "Orders", colour: "blue", width: 600 });
    expect((one?.x ?? 0) - (group?.x ?? 0)).toBe(24);
    expect([...editor.graph.notes.values()].map(({ text }) => text)).toEqual(["Why", "Why"]);
  });

  it("steps aside where a node lies already", async () => {
    const { editor, contents } = await copied(["a"]);
    paste(editor, contents, { x: 100, y: 32 });
    paste(editor, contents, { x: 100, y: 32 });
    const places = [...editor.graph.nodes.values()].slice(3).map(({ x, y }) => [x, y]);
    expect(places).toEqual([
      [24, 24],
      [48, 48],
    ]);
  });

  it("is what it was when it was cut out of the same flow: its id, and its wires to nodes that are there", async () => {
    const { editor, contents } = await copied([ID], true);
    editor.apply([{ op: "delete_node", id: ID }], { label: "Cut a node" });
    expect(wires(editor)).toEqual([]);
    paste(editor, contents, { x: 388, y: 32 });
    expect(wires(editor)).toEqual([`a.out>${ID}.in`, `${ID}.out>c.in`]);
    // A second time it is a copy like any other.
    paste(editor, contents, { x: 388, y: 300 });
    expect(editor.graph.nodes.size).toBe(4);
    expect([...editor.selection.get().nodes]).not.toContain(ID);
  });

  it("is new in another flow, and without wires that would lead out of it", async () => {
    const { contents } = await copied([ID, "c"], true);
    const { editor } = await openFlow([aNode("a")]);
    editor.flow.set({ id: "other", name: "Other", project: { id: "q", name: "Q" } });
    paste(editor, contents, { x: 0, y: 0 });
    expect(editor.graph.nodes.has(ID)).toBe(false);
    expect([editor.graph.nodes.size, editor.graph.edges.size]).toEqual([3, 1]);
  });

  it("comes in also where nobody offers its component, and says so", async () => {
    const { contents } = await copied(["a"]);
    const { editor, server } = await openFlow([], [], [{ ...PASS, name: "else" }]);
    paste(editor, contents, { x: 0, y: 0 });
    expect(editor.graph.nodes.size).toBe(1);
    expect(editor.notices.get()[0]?.message).toContain("no module here offers common-v1/debug");
    await new Promise((resolve) => setTimeout(resolve));
    expect(server.received[0]?.pasted).toBe(true);
  });
});

describe("a clipboard", () => {
  const row = { id: "a", module: "common-v1", component: "debug" };
  const of = (more: object) => JSON.stringify({ weirflow: 1, nodes: [row], ...more });

  it.each([
    ["", "empty"],
    ["hello", "holds no nodes of a flow"],
    ["{]", "holds no nodes of a flow"],
    ['{"name": "x"}', "holds no nodes of a flow"],
    [of({ weirflow: 2 }), "version 2"],
    [of({ nodes: [] }), "holds no nodes"],
    [of({ nodes: {} }), "nodes is not a list"],
    [of({ nodes: [row, row] }), "have the id a"],
    [of({ nodes: [{ ...row, x: "1" }] }), "nodes/0/x is not a number"],
    [of({ nodes: [{ ...row, y: 1e300 }] }), "nodes/0/y is not a number from -1000000 to 1000000"],
    [of({ nodes: [{ ...row, module: "A B" }] }), "nodes/0/module is not"],
    [of({ nodes: [{ ...row, settings: [] }] }), "nodes/0/settings is not an object"],
    [of({ edges: [{ source: "a" }] }), "edges/0/source_port is not"],
    [of({ nodes: Array.from({ length: 5_001 }, (_, id) => ({ ...row, id: String(id) })) }), "up to 5000"],
    [`{"weirflow": 1, "nodes": [${" ".repeat(9_000_000)}]}`, "up to 8"],
    [
      `{"weirflow":1,"nodes":[{"id":"a","module":"m","component":"c","settings":{"a":${"[".repeat(5000)}${"]".repeat(5000)}}}]}`,
      "levels deep",
    ],
  ])("that holds something else says what is wrong (%#)", (text, problem) => {
    expect(read(text)).toContain(problem);
  });

  it("is read with what may be left out left out, and what is not known ignored", () => {
    expect(read(of({ colour: "red" }))).toEqual({
      weirflow: 1,
      nodes: [{ ...row, label: "", comment: "", x: 0, y: 0, settings: {} }],
      edges: [],
      groups: [],
      notes: [],
    });
  });
});

it("holds a note by itself, which is pasted around the middle", async () => {
  const { editor } = await openFlow(chain);
  const note = {
    id: "n",
    text: "Read me",
    group: null,
    colour: "amber",
    x: 0,
    y: 0,
    width: 96,
    height: 96,
    rev: 1,
  } as const;
  const contents = read(toText(copyNotes([note])));
  if (typeof contents === "string") throw new Error(contents);
  paste(editor, contents, { x: 480, y: 480 });
  expect([...editor.graph.notes.values()].map(({ text, x, y }) => [text, x, y])).toEqual([
    ["Read me", 432, 432],
  ]);
  expect(read(toText(copyNotes([])))).toBe("The clipboard holds no nodes. Copy nodes first.");
});
