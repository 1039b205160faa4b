/** For tests: what actions work on, with a flow on a server that answers as told. */

import { CanvasState } from "../canvas/canvasState";
import { Editor } from "../core/editor";
import { aNode, anEdge, FakeKeeper, FakeServer } from "../core/testing";
import { LiveStore } from "../live/store";
import type { Can, FlowEdge, FlowNode } from "../core/types";
import { NO_VIEW, type ActionContext } from "./types";

interface Start {
  nodes?: FlowNode[];
  edges?: FlowEdge[];
  can?: Can;
}

/** Two nodes and a wire between them, unless told otherwise; `opened` are the panels in order. With `bare` contents are not read. */
export async function openActions(
  {
    nodes = [aNode("a"), aNode("b")],
    edges = [anEdge("ab", "a", "b")],
    can = { edit: true, control: true },
  }: Start = {},
  bare = false,
) {
  const server = new FakeServer(nodes, edges);
  server.document = { ...server.document, can };
  server.bare = bare;
  const editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  const opened: (string | null)[] = [];
  const canvas = new CanvasState();
  const live = new LiveStore((run) => run());
  const context: ActionContext = { editor, live, canvas, view: NO_VIEW, open: (panel) => opened.push(panel) };
  return { context, editor, live, canvas, opened, server };
}
