import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { openActions } from "../actions/testing";
import { aNode, anEdge } from "../core/testing";
import { FlowProvider } from "../live/context";
import { LiveStore } from "../live/store";
import { noChecks, noRuns } from "../live/testing";
import FindBar from "./FindBar";

afterEach(cleanup);

async function open(start: Parameters<typeof openActions>[0], bare = false) {
  const { editor, server } = await openActions(start, bare);
  const onClose = vi.fn();
  const revealed = vi.spyOn(editor, "reveal");
  render(
    <FlowProvider
      value={{ editor, live: new LiveStore(), checks: noChecks(), runs: noRuns, find: server.api.find }}
    >
      <FindBar onClose={onClose} />
    </FlowProvider>,
  );
  const input = screen.getByRole("searchbox");
  return {
    editor,
    server,
    onClose,
    input,
    type: (value: string) => fireEvent.change(input, { target: { value } }),
    ids: () => revealed.mock.calls.map(([id]) => id),
  };
}

it("groups what it finds, and goes through it forwards, backwards and round", async () => {
  const { type, input, ids } = await open({
    nodes: [aNode("a", { label: "Visits" }), aNode("b", { comment: "of visits" })],
    edges: [anEdge("ab", "a", "b", { mapping: { n: "{{ $.visits }}" } })],
  });
  type("visits");
  const names = await screen.findByRole("region", { name: "Names" });
  expect(within(names).getByText("Visits").tagName).toBe("MARK");
  expect(screen.getByRole("region", { name: "Expressions" }).textContent).toContain("n: {{ $.visits }}");
  for (const shiftKey of [false, false, false, false, true])
    fireEvent.keyDown(input, { key: "Enter", shiftKey });
  expect(ids()).toEqual(["a", "b", "ab", "a", "ab"]);
});

it("looks a large flow through in pieces, and says so when there is more than it shows", async () => {
  const nodes = Array.from({ length: 3000 }, (_, at) =>
    aNode(`n${String(at)}`, { label: at < 600 ? "Same" : "Other" }),
  );
  const { type } = await open({ nodes: [...nodes, aNode("last", { label: "Needle" })], edges: [] });
  type("needle");
  expect(await screen.findByText("1 place")).toBeDefined();
  type("same");
  expect(await screen.findByText("500+ places")).toBeDefined();
});

it("says when there is nothing, and closes by Escape", async () => {
  const { type, input, onClose } = await open({});
  type("zzz");
  expect(await screen.findByText("Nothing found")).toBeDefined();
  fireEvent.keyDown(input, { key: "Escape" });
  expect(onClose).toHaveBeenCalledOnce();
});

it("asks the server about what is not read, in the order of the flow, and says so when it does not answer", async () => {
  const { type, input, ids, editor, server } = await open(
    {
      nodes: [
        aNode("a", { settings: { path: "/visits" } }),
        aNode("b", { settings: { path: "/visits/all" } }),
      ],
      edges: [anEdge("ab", "a", "b", { mapping: { n: "{{ $.visits }}" } })],
    },
    true,
  );
  await editor.load(["b"]);
  type("VISITS");
  expect(await screen.findByText("3 places")).toBeDefined();
  const settings = screen.getByRole("region", { name: "Settings" });
  expect(
    within(settings)
      .getAllByRole("button")
      .map(({ textContent }) => textContent),
  ).toEqual(["apath: /visits", "bpath: /visits/all"]);
  expect(screen.getByRole("region", { name: "Expressions" }).textContent).toContain("n: {{ $.visits }}");
  fireEvent.keyDown(input, { key: "Enter" });
  await editor.load(["a"]);
  fireEvent.keyDown(input, { key: "Enter" });
  expect(ids()).toEqual(["a", "b"]);

  server.down = true;
  type("all");
  expect(await screen.findByText(/the server does not answer/)).toBeDefined();
  expect(screen.getByRole("region", { name: "Settings" }).textContent).toContain("/visits/all");
});
