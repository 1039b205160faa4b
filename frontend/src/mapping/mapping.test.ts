import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Unreachable } from "../core/errors";
import type { Preview } from "../core/mappingTypes";
import type { Draft } from "../forms/draft/drafts";
import type { Schema } from "../forms/schema/types";
import { deliveryDocument, deliveryOf, inWords } from "./deliverySchema";
import { draftMapping } from "./draftMapping";
import { NewestWins } from "./newestWins";
import { pathOf, placeFor, written } from "./places";
import { resultRows, unplaced } from "./resultRows";
import { sameNames, withPairs } from "./sameNames";
import { childrenOf, rootNode, rowsOf, searched, shortly } from "./sourceTree";

const order: Schema = {
  type: "object",
  properties: {
    order_id: { type: "integer", title: "Order" },
    note: { type: "string", secret: true },
    customer: { $ref: "#/$defs/Customer" },
    items: { type: "array", items: { type: "object", properties: { "unit price": { type: "number" } } } },
  },
  $defs: { Customer: { type: "object", properties: { name: { type: "string" }, age: { type: "integer" } } } },
};

describe("the tree of a message", () => {
  it("has what the schema declares, then what only the message has", () => {
    const top = rootNode(order, { order_id: 7, extra: true });
    expect(childrenOf(top, order).map(({ name, value, declared }) => [name, value, declared])).toEqual([
      ["order_id", 7, true],
      ["note", undefined, true],
      ["customer", undefined, true],
      ["items", undefined, true],
      ["extra", true, false],
    ]);
  });

  it("opens rows by their paths, and writes these as expressions take them", () => {
    const open = new Set(["$", "$.items", "$.items[0]"]);
    const paths = rowsOf(rootNode(order, undefined), order, open).map(({ path }) => path);
    expect(paths).toContain('$.items[0]["unit price"]');
    expect(paths).not.toContain("$.customer.name");
  });

  it("shows the first items of a long list, and of a schema without end what is open", () => {
    const list = rootNode(
      { type: "array" },
      Array.from({ length: 5_000 }, (_, index) => index),
    );
    expect(childrenOf(list, {})).toHaveLength(3);
    const round: Schema = { type: "object", properties: { again: { $ref: "#" } } };
    expect(searched(rootNode(round, undefined), round, "again").length).toBeLessThan(10);
  });

  it("is searched by names and titles", () => {
    const found = searched(rootNode(order, undefined), order, "ORDER");
    expect(found.map(({ path }) => path)).toEqual(["$.order_id"]);
  });

  it("shows values in one line", () => {
    expect(["a".repeat(200), 3, null, [1], [1, 2], {}].map(shortly)).toEqual([
      `"${"a".repeat(80)}…"`,
      "3",
      "null",
      "1 item",
      "2 items",
      "",
    ]);
  });
});

describe("fields of the same name", () => {
  const target: Schema = {
    type: "object",
    properties: {
      orderId: { type: "integer" },
      note: { type: "integer", title: "Remark" },
      customer: { type: "object", properties: { Name: { type: "string" }, age: { type: "integer" } } },
      other: { type: "string" },
      status: { type: "string", readonly: true },
    },
  };

  it("are found however they are written, and in objects field by field", () => {
    const pairs = sameNames(order, target, { customer: { age: 3 } });
    expect(pairs.map(({ label, from, misfit }) => [label, from, misfit])).toEqual([
      ["Order id", "$.order_id", null],
      ["Remark", "$.note", { given: "text", wanted: "a whole number" }],
      ["customer › Name", "$.customer.name", null],
    ]);
  });

  it("become one mapping, beside what stands there", () => {
    const mapping = { other: "kept", customer: { age: 3 } };
    const fitting = sameNames(order, target, mapping).filter(({ misfit }) => !misfit);
    expect(withPairs(mapping, fitting)).toEqual({
      other: "kept",
      orderId: "{{ $.order_id }}",
      customer: { age: 3, Name: "{{ $.customer.name }}" },
    });
    expect(mapping).toEqual({ other: "kept", customer: { age: 3 } });
  });

  it("leave what has a mapping alone", () => {
    expect(sameNames(order, target, { orderId: 1, note: "x", customer: "{{ $.customer }}" })).toEqual([]);
  });
});

describe("the delivery of a wire", () => {
  it("says nothing of retries until somebody does, and then all of it", () => {
    expect(deliveryOf({})).toEqual({ timeout_ms: null, retry_policy: null });
    expect(deliveryOf({ timeout_ms: 500 })).toEqual({ timeout_ms: 500, retry_policy: null });
    const said = deliveryOf({ initialDelayMs: 50, nonRetryableErrorCodes: ["gone"] });
    expect(said.retry_policy).toEqual({
      maxAttempts: 1,
      initialDelayMs: 50,
      backoffCoefficient: 2,
      maxDelayMs: 30_000,
      nonRetryableErrorCodes: ["gone"],
    });
    expect(deliveryOf(deliveryDocument(said))).toEqual(said);
  });

  it("is said in words", () => {
    expect(inWords({})).toBe("A message is sent once.");
    expect(inWords(deliveryOf({ maxAttempts: 3, timeout_ms: 2_500 }))).toBe(
      "A message is sent up to 3 times, with pauses of 1 s, 2 s. Each may take 2.5 s.",
    );
    expect(inWords(deliveryOf({ maxAttempts: 9, maxDelayMs: 3_000 }))).toContain(
      "1 s, 2 s, 3 s, 3 s and so on",
    );
  });
});

describe("what is being typed", () => {
  const schema: Schema = {
    type: "object",
    properties: { to: { type: "string" }, age: { type: "integer" }, on: { type: "boolean" } },
  };
  const typing = (field: string, text: string): Draft => ({
    phase: "typing",
    path: [field],
    text,
    errors: [],
  });

  it("counts in a preview as far as it means something", () => {
    const now = (...drafts: Draft[]) => draftMapping({ to: "Ann", age: 1 }, drafts, schema);
    expect(now(typing("to", "{{ $.name }}"))).toEqual({ to: "{{ $.name }}", age: 1 });
    expect(now(typing("to", "$.name"))).toEqual({ to: "{{ $.name }}", age: 1 });
    expect(now(typing("to", "{{ $.na"))).toEqual({ to: "Ann", age: 1 });
    expect(now(typing("age", "12"))).toEqual({ to: "Ann", age: 12 });
    expect(now(typing("age", "twelve"), typing("on", "tr"))).toEqual({ to: "Ann", age: 1 });
    expect(now({ phase: "held", path: ["age"], value: "x", errors: [] })).toEqual({ to: "Ann", age: "x" });
  });
});

describe("where a field that is let go is written", () => {
  const open: Schema = { type: "object", additionalProperties: {} };

  it("is the field, and of a map an entry of its own name", () => {
    expect(
      placeFor(["to"], "$.name", {}, { type: "object", properties: { to: { type: "string" } } }),
    ).toEqual(["to"]);
    expect(placeFor([], "$.user.name", {}, open)).toEqual(["name"]);
    expect(placeFor([], '$["full name"]', {}, open)).toEqual(["full name"]);
    expect(placeFor([], "$.name", { name: 1, name_2: 2 }, open)).toEqual(["name_3"]);
    expect(placeFor([], "$", {}, open)).toEqual(["message"]);
  });

  it("knows lists by their indexes", () => {
    expect(pathOf("/list/0/a~1b", { list: [{}] })).toEqual(["list", 0, "a/b"]);
    expect(pathOf("/map/0", { map: {} })).toEqual(["map", "0"]);
  });

  it("replaces what is there, but adds to a text with expressions in it", () => {
    expect(written("$.a", "text")).toBe("{{ $.a }}");
    expect(written("$.a", "{{ $.b }}")).toBe("{{ $.a }}");
    expect(written("$.a", "Dear {{ $.b }}")).toBe("Dear {{ $.b }} {{ $.a }}");
  });
});

describe("a result", () => {
  const preview: Preview = {
    outcome: "invalid",
    value: { to: "Ann", list: [{ n: null }], empty: {} },
    failed: { "/list/0/n": "division by zero" },
    findings: [
      { level: "unverifiable", code: "depends_on_the_message", message: "may be long", field: "/to" },
      { level: "invalid", code: "required", message: "age is required", field: "/age" },
    ],
  };

  it("is shown line by line, with what is said of each", () => {
    const { rows } = resultRows(preview);
    expect(rows.map(({ pointer, text, level, why }) => [pointer, text, level, why])).toEqual([
      ["/to", '"Ann"', "unverifiable", "may be long"],
      ["/list", "", null, ""],
      ["/list/0", "", null, ""],
      ["/list/0/n", "not worked out", "invalid", "division by zero"],
      ["/empty", "{}", null, ""],
    ]);
    expect(unplaced(preview, rows).map(({ field }) => field)).toEqual(["/age"]);
  });

  it("says that a message has nothing in it", () => {
    const { rows } = resultRows({ ...preview, value: {}, findings: [], failed: {} });
    expect(rows.map(({ name, text }) => [name, text])).toEqual([["", "{}"]]);
  });

  it("has an end", () => {
    const long = { ...preview, value: Array.from({ length: 5_000 }, (_, index) => index) };
    expect(resultRows(long)).toMatchObject({ more: true, rows: { length: 400 } });
  });
});

describe("asking while somebody types", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function asker() {
    const asked: { question: number; answer: (text: string) => void; fail: (error: Error) => void }[] = [];
    const heard: string[] = [];
    const send = (question: number) =>
      new Promise<string>((answer, fail) => void asked.push({ question, answer, fail }));
    const asks = new NewestWins(send, {
      answer: (text) => heard.push(text),
      failed: (reason) => heard.push(`failed: ${reason}`),
    });
    return { asks, asked, heard };
  }

  it("has one question under way, and then asks the newest", async () => {
    const { asks, asked, heard } = asker();
    asks.ask(1);
    await vi.advanceTimersByTimeAsync(20);
    for (const question of [2, 3, 4]) asks.ask(question);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked.map(({ question }) => question)).toEqual([1]);
    asked[0]?.answer("one");
    await vi.advanceTimersByTimeAsync(20);
    expect(asked.map(({ question }) => question)).toEqual([1, 4]);
    asked[1]?.answer("four");
    await vi.advanceTimersByTimeAsync(20);
    expect(heard).toEqual(["one", "four"]);
  });

  it("asks again where nobody answered, and not where it was refused", async () => {
    const { asks, asked, heard } = asker();
    asks.ask(1);
    await vi.advanceTimersByTimeAsync(20);
    asked[0]?.fail(new Unreachable("away"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toHaveLength(2);
    asked[1]?.fail(new Error("no"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(2);
    expect(heard).toEqual(["failed: away", "failed: no"]);
  });

  it("is silent once it is closed", async () => {
    const { asks, asked, heard } = asker();
    asks.ask(1);
    await vi.advanceTimersByTimeAsync(20);
    asks.ask(2);
    asks.close();
    asked[0]?.answer("late");
    await vi.advanceTimersByTimeAsync(1_000);
    expect([asked.length, heard]).toEqual([1, []]);
  });
});
