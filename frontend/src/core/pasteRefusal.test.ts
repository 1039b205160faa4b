import { describe, expect, it } from "vitest";
import { EMPTY_CATALOGUE } from "./catalogue";
import { Refusal } from "./errors";
import { pasteRefusal } from "./pasteRefusal";
import type { BatchEntry } from "./pending";
import { aNode, openedEditor } from "./testing";
import type { Op } from "./types";

const place = { x: 0, y: 0, module: "http-v1" };
const OPS: Op[] = [
  { op: "add_node", id: "a", component: "client", label: "Ask for orders", ...place },
  { op: "add_node", id: "b", component: "server", ...place },
  { op: "add_edge", id: "e", source: "a", source_port: "in", target: "b", target_port: "out" },
  { op: "add_edge", id: "f", source: "b", source_port: "in", target: "old", target_port: "out" },
];

function words(code: string, op?: number, field?: string): string {
  const sent = { phase: "waiting", tried: true, at: 0 } as const;
  const entry: BatchEntry = { kind: "batch", id: "1", group: "g", label: "Paste 2 nodes", ops: OPS, ...sent };
  const refusal = new Refusal(422, code, "The server's words.", {
    ...(op === undefined ? {} : { op }),
    ...(field === undefined ? {} : { field }),
  });
  return pasteRefusal(entry, refusal, EMPTY_CATALOGUE);
}

describe("a paste that is refused", () => {
  it("says which node, and what to do", () => {
    expect(words("secret_literal", 0, "/settings/auth/token")).toBe(
      "Paste 2 nodes: nothing was pasted. “Ask for orders” (client) holds a secret in plain text. Put a reference like [[secret:name/key]] in its place where you copied it, and copy again. (It is at auth › token.)",
    );
  });

  it("names a wire by its ends", () => {
    expect(words("wrong_direction", 2)).toContain(
      "The wire from “Ask for orders” (client), in, to “server”, out, begins",
    );
    expect(words("wrong_direction", 3)).toContain("to a node of this flow, out,");
  });

  it("leaves what is about all of it in the server's words", () => {
    expect(words("too_many_nodes")).toBe("Paste 2 nodes: nothing was pasted. The server's words.");
  });

  it("takes what was to follow along, instead of a refusal for each part", async () => {
    const { editor, server } = await openedEditor([aNode("z")]);
    const many = Array.from({ length: 1_200 }, (_, index): Op => {
      return { op: "add_node", id: `n${String(index)}`, component: "debug", ...place };
    });
    server.next(new Refusal(422, "too_many_nodes", "A flow has at most 10000 nodes."));
    editor.apply(many, { label: "Paste 1200 nodes", pasted: true });
    await new Promise((done) => setTimeout(done, 20));
    expect(editor.notices.get().map(({ message }) => message)).toEqual([
      "Paste 1200 nodes: nothing was pasted. A flow has at most 10000 nodes.",
    ]);
    expect([...editor.graph.nodes.keys()]).toEqual(["z"]);
    expect(editor.history.get().undo).toBeNull();
  });
});
