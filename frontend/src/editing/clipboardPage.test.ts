import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readContents } from "./readContents";

const page = readFileSync("../docs/clipboard.md", "utf8");

describe("docs/clipboard.md", () => {
  it("shows what can be pasted", () => {
    const [, example] = /```json\n([\s\S]*?)\n```/.exec(page) ?? [];
    const read = readContents(example ?? "");
    expect(read).toMatchObject({ contents: { nodes: [{ component: "ticker" }] } });
  });
});
