import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { late } from "./late";

afterEach(cleanup);

const Part = ({ name }: { name: string }) => <p>{name} is here</p>;

it("says in its place that a part cannot be loaded, and asks for it again", async () => {
  vi.spyOn(console, "error").mockReturnValue();
  const load = vi.fn(() => Promise.resolve({ default: Part }));
  load.mockRejectedValueOnce(new TypeError("offline"));
  const Late = late(load);
  render(
    <>
      <p>The rest</p>
      <Late name="Find" />
    </>,
  );
  expect((await screen.findByRole("alert")).textContent).toContain("could not be loaded");
  expect(screen.getByText("The rest")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Find is here")).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
});

it("frames what is said meanwhile", () => {
  const Late = late<{ name: string }>(
    () => new Promise(() => undefined),
    ({ name }, said) => <section aria-label={name}>{said ?? "On its way"}</section>,
  );
  render(<Late name="Runs" />);
  expect(screen.getByRole("region", { name: "Runs" }).textContent).toBe("On its way");
});
