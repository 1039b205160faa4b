import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { Markdown } from "./Markdown";

afterEach(cleanup);

function shown(text: string): HTMLElement {
  return render(<Markdown text={text} />).container;
}

describe("Markdown in a note", () => {
  it("has headings, lists, tasks, code and tables", () => {
    const page = shown("# Why\n\n- [x] **done**\n- `a < b`\n\n|a|b|\n|-|-|\n|1|2|\n\n```\nx\n```");
    expect(screen.getByRole("heading", { level: 3, name: "Why" })).toBeDefined();
    expect((screen.getByRole("checkbox") as HTMLInputElement).checked).toBe(true);
    expect([...page.querySelectorAll("strong, li code, pre code, td")].map((one) => one.textContent)).toEqual(
      ["done", "a < b", "1", "2", "x"],
    );
  });

  it("shows tags as text: nothing is parsed as HTML", () => {
    const page = shown(
      'a <img src=x onerror="alert(1)"> b\n\n<script>alert(1)</script>\n\n<b onclick=x>c</b>',
    );
    expect(page.querySelector("img, script, b")).toBeNull();
    expect(page.textContent).toContain("<script>alert(1)</script>");
    expect(page.textContent).toContain('<img src=x onerror="alert(1)">');
  });

  it("lets links lead to the web or a mail address only, and tells those pages nothing", () => {
    const page = shown(
      "[web](https://example.org) [mail](mailto:a@example.org) [bad](javascript:alert(1)) [data](data:text/html,x) ![pic](https://example.org/p.png)",
    );
    const links = [...page.querySelectorAll("a")];
    expect(links.map((link) => link.getAttribute("href"))).toEqual([
      "https://example.org",
      "mailto:a@example.org",
      "https://example.org/p.png",
    ]);
    expect(links.every((link) => link.rel === "noopener noreferrer")).toBe(true);
    expect(page.querySelector("img")).toBeNull();
    expect(page.textContent).toContain("bad");
  });

  it("shows what is nested too deep as it was written", () => {
    expect(shown("> ".repeat(60) + "deep").textContent).toContain("deep");
  });

  it("shows what the lexer cannot follow as it was written, and the canvas stays", () => {
    const text = "> ".repeat(9_999) + "x";
    expect(shown(text).textContent).toBe(text);
  });
});
