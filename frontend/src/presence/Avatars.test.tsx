// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Avatars } from "./Avatars";
import type { Person } from "./people";

afterEach(cleanup);

const person = (name: string, more: Partial<Person> = {}): Person => ({
  key: name,
  name,
  colour: 0,
  isMe: false,
  away: false,
  tabs: [`${name}'s tab`],
  ...more,
});
const ME = person("Me", { isMe: true });
const doing = ({ name, away }: Person) => (away ? "away" : name === "Ada" ? "edits Visits" : "");

describe("Avatars", () => {
  it("says of each who it is and what they do, and follows whom is pressed", () => {
    const onGo = vi.fn();
    const people = [ME, person("Ada"), person("Bob", { away: true })];
    render(<Avatars people={people} doing={doing} onGo={onGo} following="Ada" />);
    const faces = within(screen.getByRole("list", { name: "Others who are here" })).getAllByRole("button");
    expect(faces.map((face) => face.getAttribute("aria-label"))).toEqual([
      "Follow Ada, edits Visits",
      "Follow Bob, away",
    ]);
    expect(faces[0]?.getAttribute("aria-pressed")).toBe("true");
    fireEvent.click(faces[1] as HTMLElement);
    expect(onGo).toHaveBeenCalledExactlyOnceWith(people[2]);
  });

  it("shows four of many, and everybody in a list that Escape closes", () => {
    const onGo = vi.fn();
    const people = [ME, ...Array.from({ length: 300 }, (_, number) => person(`P${String(number)}`))];
    render(<Avatars people={people} doing={doing} onGo={onGo} />);
    const some = screen.getByRole("list", { name: "Others who are here" });
    expect(within(some).getAllByRole("button")).toHaveLength(4);
    const more = screen.getByRole("button", { name: "Everybody who is here: 301" });
    expect(more.textContent).toContain("+296");
    fireEvent.click(more);
    const all = screen.getByRole("list", { name: "Everybody who is here" });
    expect(within(all).getAllByRole("listitem")).toHaveLength(301);
    fireEvent.keyDown(all, { key: "Escape" });
    expect(screen.queryByRole("list", { name: "Everybody who is here" })).toBeNull();
    expect(document.activeElement).toBe(more);
  });

  it("has no places to go to on a dashboard", () => {
    render(<Avatars people={[ME, person("Ada")]} doing={doing} />);
    expect(screen.getByRole("img", { name: "Ada, edits Visits" })).toBeTruthy();
    expect(screen.getAllByRole("button")).toHaveLength(1);
  });

  it("tells a screen reader who came and who went", () => {
    const { rerender } = render(<Avatars people={[ME, person("Ada")]} doing={doing} />);
    expect(screen.getByRole("status").textContent).toBe("Ada is here");
    rerender(<Avatars people={[ME, person("Bob"), person("Eve")]} doing={doing} />);
    expect(screen.getByRole("status").textContent).toBe("Bob and Eve are here. Ada left");
  });
});
