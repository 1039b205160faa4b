import { cleanup, render } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { Markdown } from "./Markdown";
import { MentionNames, pieces } from "./mentionNames";

afterEach(cleanup);

const named = (text: string, ...names: string[]) =>
  pieces(text, names)
    .filter((piece) => piece.named)
    .map((piece) => piece.text);

it("sets the names of people apart", () => {
  expect(pieces("Ask @Ada, please", ["ada"])).toEqual([
    { text: "Ask ", named: false },
    { text: "@Ada", named: true },
    { text: ", please", named: false },
  ]);
  expect(named("@ada.b and @ada.", "ada", "ada.b")).toEqual(["@ada.b", "@ada"]);
  expect(named("mail x@ada, @adam, @bob", "ada")).toEqual([]);
  expect(named("@a+b (@c.d)", "a+b", "c.d")).toEqual(["@a+b", "@c.d"]);
  expect(pieces("no names", ["ada"])).toEqual([{ text: "no names", named: false }]);
});

it("leaves names in code, and names that are markup, what they are", () => {
  const name = "<img src=x>";
  const { container } = render(
    <MentionNames value={["ada", name]}>
      <Markdown text={`@ada \`@ada\` **@ada** @${name}`} />
    </MentionNames>,
  );
  expect([...container.querySelectorAll(".named")].map((one) => one.textContent)).toEqual(["@ada", "@ada"]);
  expect(container.querySelector("code")?.textContent).toBe("@ada");
  expect(container.querySelector("img")).toBeNull();
});
