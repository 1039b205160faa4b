/** For tests: a sheet that writes down what is drawn on it, and colours by their names. */

import type { Colours } from "./colours";

export class Sheet {
  readonly canvas = { width: 800, height: 600 };
  fillStyle = "";
  strokeStyle = "";
  lineWidth = 0;
  globalAlpha = 1;
  font = "";
  /** Boxes that were filled: colour, place and size. */
  readonly boxes: [string, ...number[]][] = [];
  /** Outlines of boxes: colour, place and size. */
  readonly outlines: [string, ...number[]][] = [];
  readonly lines: number[][] = [];
  /** What was stroked: colour, width, how many lines. */
  readonly strokes: [string, number, number][] = [];
  /** What was filled: colour and how many shapes. */
  readonly shapes: [string, number][] = [];
  /** Colour, text and place of it. */
  readonly texts: [string, string, number, number][] = [];
  private begun = 0;
  beginPath = () => void (this.begun = this.lines.length);
  stroke = () => void this.strokes.push([this.strokeStyle, this.lineWidth, this.lines.length - this.begun]);
  fill = () => void this.shapes.push([this.fillStyle, this.lines.length - this.begun]);
  closePath = () => undefined;
  moveTo = (x: number, y: number) => void this.lines.push([x, y]);
  lineTo = (x: number, y: number) => void this.lines.at(-1)?.push(x, y);
  fillRect = (...box: number[]) => void this.boxes.push([this.fillStyle, ...box]);
  strokeRect = (...box: number[]) => void this.outlines.push([this.strokeStyle, ...box]);
  strokeText = () => undefined;
  fillText = (text: string, x: number, y: number) => void this.texts.push([this.fillStyle, text, x, y]);
  /** Each letter is as wide as half of the size of the font. */
  measureText = (text: string) => ({
    width: (text.length * Number(/(\d+)px/.exec(this.font)?.[1] ?? 0)) / 2,
  });
  get context() {
    return this as unknown as CanvasRenderingContext2D;
  }
}

const tint = (name: string) => ({ line: name, fill: `${name}-bg` });

export const NAMED: Colours = {
  ...{ canvas: "canvas", card: "card", line: "line", wire: "wire", font: "sans" },
  ...{ wirePressure: "pressure", wireBlocked: "blocked", accent: "accent", changed: "changed" },
  states: { idle: "idle", running: "running", error: "error" },
  tints: {
    ...{ grey: tint("grey"), blue: tint("blue"), green: tint("green") },
    ...{ amber: tint("amber"), red: tint("red"), violet: tint("violet") },
  },
};
