import { expect, it } from "vitest";

import { Editor } from "../../core/editor";
import { aNode, anEdge, FakeKeeper, FakeServer } from "../../core/testing";
import { mappingTarget } from "../edge/useMappingTarget";
import { settingsTarget } from "../node/useSettingsTarget";

const settle = () => new Promise((resolve) => setTimeout(resolve));
const checker = { check: () => Promise.resolve([]) };

async function open() {
  const nodes = [aNode("a", { settings: { deep: { one: 1, two: 2 } } }), aNode("b")];
  const server = new FakeServer(nodes, [anEdge("ab", "a", "b", { mapping: { x: 1, y: 2 } })]);
  server.bare = true;
  const editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  return { editor, server };
}

it("keeps the other fields of a mapping that is not read when one of them is written", async () => {
  const { editor, server } = await open();
  const expressions = { source: {}, root: {}, from: "a" };
  expect(await mappingTarget(editor, "ab", {}, expressions, { checker }).send(["x"], 9)).toEqual([]);
  await settle();
  expect(server.document.edges[0]?.mapping).toEqual({ x: 9, y: 2 });
});

it("keeps what stands beside a setting that is not read, and refuses while it cannot be read", async () => {
  const { editor, server } = await open();
  const target = settingsTarget(editor, "a", {}, checker);
  server.down = true;
  expect(await target.send(["deep", "one"], 9)).toEqual([{ pointer: "/deep/one", message: "down" }]);
  server.down = false;
  expect(await target.send(["deep", "one"], 9)).toEqual([]);
  await settle();
  expect(server.document.nodes[0]?.settings).toEqual({ deep: { one: 9, two: 2 } });
});
