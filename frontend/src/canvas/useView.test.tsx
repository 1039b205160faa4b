import { act, cleanup, render } from "@testing-library/react";
import { ReactFlowProvider, useStoreApi } from "@xyflow/react";
import { afterEach, expect, it, vi } from "vitest";
import { Scene } from "../core/scene";
import { aNode, openedEditor } from "../core/testing";
import { useView, type View } from "./useView";

afterEach(cleanup);

/** The view of a canvas of 800 by 600 px at 100 %, and what the library was told to show. */
async function open() {
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
  const { editor } = await openedEditor([aNode("near", { x: 100, y: 100 }), aNode("far", { x: 2000 })]);
  const scene = new Scene(editor);
  const shown = vi.fn();
  let view: View | undefined;
  let store: ReturnType<typeof useStoreApi> | undefined;
  function Probe() {
    store = useStoreApi();
    view = useView(scene);
    return null;
  }
  render(<ReactFlowProvider children={<Probe />} />);
  const panZoom = { setViewport: (to: unknown) => Promise.resolve(shown(to)) };
  act(() => store?.setState({ width: 800, height: 600, transform: [0, 0, 1], panZoom: panZoom as never }));
  return { view: view as View, shown };
}

it("stays while all of what it should show is seen, and fits it when some is not", async () => {
  const { view, shown } = await open();
  view.intoAll(["near"]);
  view.intoAll([]);
  expect(shown).not.toHaveBeenCalled();
  view.intoAll(["near", "far"]);
  await vi.waitFor(() => expect(shown).toHaveBeenCalled());
});
