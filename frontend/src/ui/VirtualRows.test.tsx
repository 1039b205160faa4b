import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { VirtualRows } from "./VirtualRows";

afterEach(cleanup);

const rows = Array.from({ length: 1000 }, (_, n) => `r${String(n)}`);

it("has only what is in view in the page, and arrow keys go through all", () => {
  const onSelect = vi.fn();
  const list = (selected: string | null) => (
    <VirtualRows
      rows={rows}
      height={20}
      keyOf={(row) => row}
      draw={(row) => row}
      selected={selected}
      onSelect={onSelect}
      label="Rows"
    />
  );
  const { rerender } = render(list(null));
  expect(screen.getAllByRole("option").length).toBeLessThan(60);
  const box = screen.getByRole("listbox", { name: "Rows" });
  fireEvent.keyDown(box, { key: "End" });
  expect(onSelect).toHaveBeenLastCalledWith("r999");
  fireEvent.keyDown(box, { key: "Home" });
  rerender(list("r0"));
  fireEvent.keyDown(box, { key: "ArrowDown" });
  expect(onSelect).toHaveBeenLastCalledWith("r1");
});
