import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";

import { Editor } from "../../core/editor";
import { aNode, anEdge, FakeKeeper, FakeServer } from "../../core/testing";
import { FlowProvider } from "../../live/context";
import { useEdge, useNode } from "../../live/hooks";
import { LiveStore } from "../../live/store";
import { noChecks, noRuns } from "../../live/testing";
import { Loaded } from "./Loaded";

afterEach(cleanup);

function Settings({ id }: { id: string }) {
  const node = useNode(id);
  return node ? (
    <Loaded row={node} fields={3}>
      {({ settings }) => <code>{JSON.stringify(settings)}</code>}
    </Loaded>
  ) : null;
}

function Mapping({ id }: { id: string }) {
  const edge = useEdge(id);
  return edge ? (
    <Loaded row={edge} fields={0}>
      {({ mapping }) => <code>{JSON.stringify(mapping)}</code>}
    </Loaded>
  ) : null;
}

async function open() {
  const nodes = [aNode("a", { settings: { n: 1 } }), aNode("b")];
  const server = new FakeServer(nodes, [anEdge("ab", "a", "b", { mapping: { m: 1 } })]);
  server.bare = true;
  const editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  const show = (what: "a" | "b" | "ab") =>
    render(
      <FlowProvider value={{ editor, live: new LiveStore(), checks: noChecks(), runs: noRuns }}>
        {what === "ab" ? <Mapping id={what} /> : <Settings id={what} />}
      </FlowProvider>,
    );
  return { editor, server, show };
}

it("keeps the place of the fields until they are read", async () => {
  const { show } = await open();
  show("a");
  const place = screen.getByRole("status", { name: "Reading the fields" });
  expect(place.children).toHaveLength(3);
  expect(await screen.findByText('{"n":1}')).toBeDefined();
  expect(screen.queryByRole("status")).toBeNull();
});

it("reads a wire's mapping, and nothing where it is known that nothing is there", async () => {
  const { show, server } = await open();
  show("ab");
  expect(await screen.findByText('{"m":1}')).toBeDefined();
  show("b");
  expect(screen.getByText("{}")).toBeDefined();
  expect(server.asked).toEqual([["ab"]]);
});

it("says that it could not be read, and reads it when asked to", async () => {
  const { show, server } = await open();
  server.down = true;
  show("a");
  expect((await screen.findByRole("alert")).textContent).toContain("could not be read");
  server.down = false;
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText('{"n":1}')).toBeDefined();
});

it("reads by itself once the connection is back", async () => {
  const { editor, show, server } = await open();
  server.down = true;
  act(() => editor.connection.set({ ...editor.connection.get(), socket: "reconnecting" }));
  show("a");
  await screen.findByRole("alert");
  server.down = false;
  act(() => editor.connection.set({ ...editor.connection.get(), socket: "live" }));
  expect(await screen.findByText('{"n":1}')).toBeDefined();
});

it("draws the form without values meanwhile, for nobody to touch", async () => {
  const { editor, server } = await open();
  server.down = true;
  const node = editor.graph.nodes.get("a");
  if (!node) throw new Error("There is no node.");
  render(
    <FlowProvider value={{ editor, live: new LiveStore(), checks: noChecks(), runs: noRuns }}>
      <Loaded row={node} fields={3} blank={{ ...node, settings: {} }}>
        {({ settings }) => <input aria-label="Field" defaultValue={JSON.stringify(settings)} />}
      </Loaded>
    </FlowProvider>,
  );
  const form = screen.getByRole("status", { name: "Reading the fields" }).firstElementChild;
  expect(form?.hasAttribute("inert")).toBe(true);
  expect(form?.querySelector("input")?.value).toBe("{}");
  await screen.findByRole("alert");
});
