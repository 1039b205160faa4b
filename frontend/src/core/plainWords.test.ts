import { describe, expect, it } from "vitest";
import { graphOf } from "./graph";
import { plainWords } from "./plainWords";
import { aNode } from "./testing";

const graph = graphOf({ nodes: [aNode("pz5qbs4c30lu", { label: "Visits" })], edges: [] });
const name = "visit-counter-j9000.common-v1.stateful-counter-pz5qbs4c30lu";

describe("plainWords", () => {
  it("calls nodes of the flow by their labels", () => {
    expect(plainWords(`edge from ${name}:value: ${name} has no output 'value'`, graph)).toBe(
      "edge from “Visits”:value: “Visits” has no output 'value'",
    );
  });

  it("leaves the names of other nodes and other text as they are", () => {
    const other = "other-12345.http-v1.http-server-aaaaaaaaaaaa is away; see example.com/a-b.c";
    expect(plainWords(other, graph)).toBe(other);
  });
});
