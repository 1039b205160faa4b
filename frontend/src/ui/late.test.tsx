import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { fetchAhead, late } from "./late";

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

it("shows at once what was fetched ahead, and asks again for what could not be", async () => {
  const load = vi.fn(() => Promise.resolve({ default: Part }));
  load.mockRejectedValueOnce(new TypeError("offline"));
  const [Lost, Here] = [late(load), late(load)];
  fetchAhead([Lost, Here]);
  await waitFor(() => expect(load).toHaveBeenCalledTimes(2));
  await Promise.resolve();
  render(<Here name="Find" />);
  expect(screen.getByText("Find is here")).toBeTruthy();
  render(<Lost name="Help" />);
  expect(await screen.findByText("Help is here")).toBeTruthy();
  expect(load).toHaveBeenCalledTimes(3);
});

it("keeps what is shown while it is fetched", async () => {
  const load = vi.fn(() => Promise.resolve({ default: Part }));
  const Late = late(load);
  const { rerender } = render(<Late name="Find" />);
  const shown = await screen.findByText("Find is here");
  await act(() => Late.fetch());
  rerender(<Late name="Help" />);
  expect(screen.getByText("Help is here")).toBe(shown);
});
