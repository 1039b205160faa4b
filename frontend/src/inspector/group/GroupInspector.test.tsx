import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { setCollapsed } from "../../core/groups/edits";
import { edge, node, openFlow } from "../testFlow";

afterEach(cleanup);

/** a -> b -> c, with b and d in a group; b is selected, and the group is collapsed. */
async function open() {
  const flow = await openFlow({
    nodes: [node("a"), node("b"), node("c"), node("d")],
    edges: [edge("ab", "a", "b"), edge("bc", "b", "c")],
  });
  const group = { id: "g", name: "Intake", x: 0, y: 0, width: 480, height: 240 };
  act(() => {
    flow.editor.apply([{ op: "add_group", ...group }], { label: "Group" });
    for (const id of ["b", "d"])
      flow.editor.apply([{ op: "set_node", id, fields: { group: "g" } }], { label: "Group" });
    flow.editor.select({ nodes: ["b"] });
    setCollapsed(flow.editor, "g", true);
  });
  return flow;
}

it("stands for a node that was selected in the group, until the group is opened", async () => {
  await open();
  expect(screen.getByLabelText<HTMLInputElement>("Name of the group").value).toBe("Intake");
  expect(screen.getByText("Group of 2 nodes")).toBeDefined();
  fireEvent.click(screen.getByRole("button", { name: "Open the group" }));
  expect(screen.queryByLabelText("Name of the group")).toBeNull();
});

it("gives the ports of the card names, and takes them back", async () => {
  const { editor } = await open();
  const input = screen.getByLabelText<HTMLInputElement>("Name of input b");
  fireEvent.change(input, { target: { value: "Orders" } });
  fireEvent.keyDown(input, { key: "Enter" });
  await waitFor(() => expect(Object.values(editor.graph.groups.get("g")?.ports ?? {})).toEqual(["Orders"]));
  expect(input.value).toBe("Orders");
  fireEvent.change(input, { target: { value: "" } });
  fireEvent.blur(input);
  await waitFor(() => expect(editor.graph.groups.get("g")?.ports).toEqual({}));
  expect(screen.getByLabelText("Name of output b")).toBeDefined();
});
