import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import TemplatesDialog from "./TemplatesDialog";
import type { FilesApi, Template } from "./types";

vi.mock("../live/hooks", () => ({
  useEditor: () => ({}),
  useFlow: () => ({ id: "f", name: "Flow", project: { id: "p", name: "Plant" } }),
}));
vi.mock("./useShowAll", () => ({ useShowAll: () => () => undefined }));

afterEach(cleanup);

const LOOP: Template = {
  id: "howto/loop",
  name: "Loop",
  description: "There and back",
  howto: true,
  components: [],
  secrets: [],
  nodes: [
    { x: 0, y: 0, title: "a" },
    { x: 1200, y: 400, title: "b" },
  ],
  wires: [
    [0, 1],
    [1, 0],
  ],
};

it("leads from each template to its own page, and draws a wire that leads back within its picture", async () => {
  HTMLDialogElement.prototype.showModal ??= vi.fn();
  const api = { templates: () => Promise.resolve([LOOP]) } as unknown as FilesApi;
  const { container } = render(<TemplatesDialog onClose={vi.fn()} api={api} />);
  const link = await screen.findByText("About it", { exact: false });
  expect(link.getAttribute("href")).toBe("/templates/howto/loop/?project=p");
  expect(link.textContent).toBe("About it: Loop");
  const picture = container.querySelector(".preview svg");
  const [, top = 0, , height = 0] = (picture?.getAttribute("viewBox") ?? "").split(" ").map(Number);
  // Between nodes of 64 px it is pulled 128 px below the lower one, and comes three quarters of the way.
  expect(top + height).toBeGreaterThan(400 + 32 + 96 + 6);
});
