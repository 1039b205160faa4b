import { act, cleanup, render } from "@testing-library/react";
import { ReactFlowProvider, useStoreApi } from "@xyflow/react";
import { afterEach, expect, it, vi } from "vitest";
import { Scene } from "../core/scene";
import { aNode, openedEditor } from "../core/testing";
import { useKeptInView } from "./useKeptInView";
import { useView } from "./useView";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** A canvas 342 px wide and 752 px high at 100 %; how a panel takes height from it, and where the view went. */
async function open(narrow = true) {
  vi.stubGlobal("matchMedia", () => ({ matches: narrow }));
  const { editor } = await openedEditor([aNode("low", { x: 60, y: 640 })]);
  const scene = new Scene(editor);
  const shown = vi.fn();
  let store: ReturnType<typeof useStoreApi> | undefined;
  function Probe() {
    store = useStoreApi();
    useKeptInView(editor, scene, useView(scene));
    return null;
  }
  render(<ReactFlowProvider children={<Probe />} />);
  const panZoom = { setViewport: (to: unknown) => Promise.resolve(shown(to)) };
  act(() => store?.setState({ width: 342, height: 752, transform: [0, 0, 1], panZoom: panZoom as never }));
  const toHeight = (height: number): void => act(() => store?.setState({ height }));
  const card = scene.card("low")?.rect;
  if (!card) throw new Error("the node has no card");
  return { editor, shown, toHeight, card };
}

it("keeps what was in the middle there", async () => {
  const { shown, toHeight } = await open();
  expect(shown).not.toHaveBeenCalled();
  toHeight(352);
  await vi.waitFor(() => expect(shown).toHaveBeenCalledWith({ x: 0, y: -200, zoom: 1 }));
});

it("leaves no node below the panel that its touch has opened", async () => {
  const { editor, shown, toHeight, card } = await open();
  act(() => editor.select({ nodes: new Set(["low"]), edges: new Set() }));
  toHeight(352);
  await vi.waitFor(() => expect(shown).toHaveBeenCalledTimes(1));
  const [[{ y }]] = shown.mock.calls as [[{ y: number }]];
  expect(card.y + card.height + y).toBeLessThan(352);
  expect(card.y + y).toBeGreaterThan(0);
});

it("moves nothing where panels lie beside the flow", async () => {
  const { shown, toHeight } = await open(false);
  toHeight(352);
  expect(shown).not.toHaveBeenCalled();
});
