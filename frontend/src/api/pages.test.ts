import { expect, it } from "vitest";
import { everyPage } from "./pages";

const asked: string[] = [];

function list(...pages: number[][]) {
  asked.length = 0;
  return (query: string) => {
    asked.push(query);
    const at = Number(new URLSearchParams(query).get("after") ?? "0");
    return Promise.resolve({ rows: pages[at] ?? [], next: at + 1 < pages.length ? at + 1 : null });
  };
}

it("a list of one page is asked for once", async () => {
  expect(await everyPage(list([1, 2]))).toEqual([{ rows: [1, 2], next: null }]);
  expect(asked).toEqual(["?limit=500"]);
});

it("an answer that says nothing of pages is whole", async () => {
  const whole: { rows: number[]; next?: null } = { rows: [1] };
  expect(await everyPage(() => Promise.resolve(whole))).toEqual([whole]);
});

it("further pages follow, in order", async () => {
  const pages = await everyPage(list([1], [2], [3]), 1);
  expect(pages.flatMap(({ rows }) => rows)).toEqual([1, 2, 3]);
  expect(asked).toEqual(["?limit=1", "?limit=1&after=1", "?limit=1&after=2"]);
});

it("begins where it is told, and gives up on a list without an end", async () => {
  const pages = await everyPage(() => Promise.resolve({ next: "1.a+b" }), 1, "0.x y");
  expect(pages.length).toBe(40);
  await everyPage(list([1], [2]), 1, 1);
  expect(asked).toEqual(["?limit=1&after=1"]);
});
