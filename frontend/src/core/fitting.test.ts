import { expect, it } from "vitest";
import { fit } from "./fitting";
import { aPort } from "./testing";

const number = { type: "object", required: ["n"], properties: { n: { type: "integer" } } };
const text = { type: "object", required: ["t"], properties: { t: { type: "string", format: "date" } } };
const end = (port: ReturnType<typeof aPort>) => ({ node: "a", port });

it("takes a port that the schema says is meant for this before one that takes anything", () => {
  const component = { ports: [aPort("any", false), aPort("n", false, { schema: number })] };
  expect(fit([end(aPort("out", true, { schema: number }))], component)?.port.name).toBe("n");
});

it("tries the ends in their order, and knows both directions", () => {
  const sends = { ports: [aPort("out", true, { schema: number })] };
  const ends = [end(aPort("t", false, { schema: text })), end(aPort("n", false, { schema: number }))];
  expect(fit(ends, sends)?.end.port.name).toBe("n");
});

it("offers nothing that could not be wired: other schemas, the same side, system ports", () => {
  const out = end(aPort("out", true, { schema: number }));
  expect(fit([out], { ports: [aPort("t", false, { schema: text })] })).toBeUndefined();
  expect(fit([out], { ports: [aPort("out", true)] })).toBeUndefined();
  expect(fit([out], { ports: [aPort("_settings", false)] })).toBeUndefined();
});
