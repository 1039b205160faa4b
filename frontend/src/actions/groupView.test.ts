import { expect, it } from "vitest";
import { aGroup, aNode } from "../core/testing";
import { BY_KEY } from "./registry";
import { openActions } from "./testing";
import { isPossible } from "./types";

/** What a key does now. */
async function open(collapsed: boolean) {
  const flow = await openActions({ nodes: [aNode("a", { group: "g" }), aNode("b")] });
  flow.editor.receive(flow.server.commit([{ op: "add_group", ...aGroup("g", { collapsed }) }], "theirs"));
  const press = (key: string): string | undefined => {
    const action = BY_KEY.get(key)?.find((one) => isPossible(one, flow.context));
    action?.run(flow.context);
    return action?.id;
  };
  return { ...flow, press };
}

it("goes into a collapsed group by Enter and back by Escape, once nothing is selected", async () => {
  const { editor, press } = await open(true);
  editor.select({ nodes: ["a"] });
  expect(press("Enter")).toBe("groups.enter");
  expect(editor.within.get()).toBe("g");
  editor.select({ nodes: ["a"] });
  expect(press("Escape")).toBe("select.nothing");
  expect(press("Escape")).toBe("groups.leave");
  expect(editor.within.get()).toBeNull();
});

it("is there for who may only look, and goes to settings by Enter in a group that is not collapsed", async () => {
  const { editor, press } = await open(false);
  editor.can.set({ edit: false, control: false });
  editor.select({ nodes: ["a"] });
  expect(press("Enter")).toBe("view.settings");
  expect(press("alt+ArrowDown")).toBe("groups.only");
  expect(press("alt+ArrowUp")).toBe("groups.leave");
});
