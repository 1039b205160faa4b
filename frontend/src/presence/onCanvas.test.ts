import { afterEach, describe, expect, it } from "vitest";
import type { Here } from "../core/presence";
import { Presence } from "../live/presence";
import { CardMarks } from "./cardMarks";
import { CursorLayer } from "./cursorLayer";

const ME: Here = {
  person: "1",
  name: "Me",
  away: false,
  view: null,
  selection: [],
  form: null,
  cursor: [0, 0],
};
const BOB: Here = { ...ME, person: "2", name: "<b>Bob</b>", cursor: [10, 20] };

afterEach(() => document.body.replaceChildren());

function layer(view: string | null = null) {
  const element = document.body.appendChild(document.createElement("div"));
  const presence = new Presence();
  presence.connected("me");
  presence.merge({ me: ME, b: BOB }, true);
  return { element, presence, layer: new CursorLayer(element, presence, view) };
}

describe("CursorLayer", () => {
  it("shows where others point, under their names as plain text, and not this person's own pointer", () => {
    const { element, presence } = layer();
    expect(element.textContent).toBe("<b>Bob</b>");
    const [pointer] = element.querySelectorAll<HTMLElement>(".cursor");
    expect(pointer?.style.transform).toBe("translate(10px, 20px)");
    presence.merge({ b: { cursor: [30, 40] } }, false);
    expect(element.querySelector(".cursor")).toBe(pointer);
    expect(pointer?.style.transform).toBe("translate(30px, 40px)");
    presence.merge({ b: { cursor: null } }, false);
    expect(element.children).toHaveLength(0);
  });

  it("shows only who looks at the same view, and nobody who is gone", () => {
    const { element, presence, layer: shown } = layer("group");
    expect(element.children).toHaveLength(0);
    presence.merge({ b: { view: "group" } }, false);
    expect(element.children).toHaveLength(1);
    presence.merge({ b: null }, false);
    expect(element.children).toHaveLength(0);
    presence.merge({ c: { ...BOB, view: "group" } }, false);
    shown.stop();
    expect(element.children).toHaveLength(0);
  });
});

describe("CardMarks", () => {
  const card = (id: string): HTMLElement => {
    const element = document.createElement("div");
    element.dataset["id"] = id;
    return element;
  };

  it("marks cards that are in the page, and those that come into it", async () => {
    const cards = document.body.appendChild(document.createElement("div"));
    const here = cards.appendChild(card("n1"));
    const marks = new CardMarks(cards);
    marks.show(new Map(["n1", "n2"].map((id) => [id, { names: "Bob", colour: 3 }])));
    expect(here.dataset).toMatchObject({ who: "Bob", whoColour: "3" });
    const later = cards.appendChild(card("n2"));
    await Promise.resolve();
    expect(later.dataset["who"]).toBe("Bob");
    marks.show(new Map([["n2", { names: "Bob and Eve", colour: 3 }]]));
    expect(here.dataset["who"]).toBeUndefined();
    expect(later.dataset["who"]).toBe("Bob and Eve");
    marks.stop();
    expect(later.dataset["who"]).toBeUndefined();
  });
});
