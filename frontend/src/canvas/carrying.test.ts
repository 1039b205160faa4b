import { expect, it } from "vitest";
import { showCarried } from "./carrying";

function page(stays: boolean) {
  const canvas = document.createElement("div");
  canvas.innerHTML = `<div class="react-flow__nodes">
    <div class="react-flow__node carried" id="one"></div>
    <div class="react-flow__node ${stays ? "" : "carried"}" id="other"></div></div>`;
  const shiftOf = (name: string) => canvas.querySelector<HTMLElement>(name)?.style.translate;
  return { canvas, shiftOf };
}

it("shifts what holds the cards where all of them are carried, and leaves no trace", () => {
  const { canvas, shiftOf } = page(false);
  showCarried(canvas, { ids: new Set(["one", "other"]), by: { x: 24, y: 48 } });
  expect([shiftOf(".react-flow__nodes"), shiftOf("#one")]).toEqual(["24px 48px", ""]);
  showCarried(canvas, { ids: new Set(), by: { x: 0, y: 0 } });
  expect([shiftOf(".react-flow__nodes"), shiftOf("#one"), canvas.className]).toEqual(["", "", ""]);
});

it("shifts each card where one stays", () => {
  const { canvas, shiftOf } = page(true);
  showCarried(canvas, { ids: new Set(["one"]), by: { x: 24, y: 48 } });
  expect(["#one", "#other", ".react-flow__nodes"].map(shiftOf)).toEqual(["24px 48px", "", ""]);
});

it("goes over to single cards once something comes that stays", () => {
  const { canvas, shiftOf } = page(false);
  const carried = { ids: new Set(["one", "other"]), by: { x: 24, y: 0 } };
  showCarried(canvas, carried);
  canvas.querySelector("#other")?.classList.remove("carried");
  showCarried(canvas, carried);
  expect(["#one", "#other", ".react-flow__nodes"].map(shiftOf)).toEqual(["24px 0px", "", ""]);
});
