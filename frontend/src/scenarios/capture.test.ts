import { expect, test } from "vitest";
import type { Run, RunSpan } from "../core/types";
import { freeName, samplesOfRun } from "./capture";

function span(id: string, more: Partial<RunSpan>): RunSpan {
  const place = { node: `n-${id}`, port: "in", edge: `e-${id}`, bytes: null, error: null, host: "h1" };
  return { id, parent: null, start_ms: 0, duration_ms: 1, ...place, ...more };
}

function run(...spans: RunSpan[]): Run {
  return { spans } as unknown as Run;
}

const entry = span("1", { edge: null, port: "request", message: { n: 1 } });

test("the outputs of a run are its samples: that of the entry, and what was sent into each hop", () => {
  const hop = span("2", { message: { mapped: 1 } });
  const next = span("3", { sent: { node: "n-2", port: "out", message: { m: 2 } }, message: 2 });
  expect(samplesOfRun(run(entry, hop, next))).toEqual({
    samples: [
      { node: "n-1", port: "request", data: { n: 1 } },
      { node: "n-2", port: "out", data: { m: 2 } },
    ],
    left: 0,
  });
});

test("of several messages of one port the first counts", () => {
  const sent = (message: number) => ({ node: "n-2", port: "out", message });
  const { samples } = samplesOfRun(run(span("3", { sent: sent(1) }), span("4", { sent: sent(2) })));
  expect(samples).toEqual([{ node: "n-2", port: "out", data: 1 }]);
});

test("a message that was cut or not recorded is counted, not kept as if it were whole", () => {
  const cut = { truncated: true, bytes: 9000, beginning: "{" };
  const spans = [span("1", { edge: null }), span("2", { sent: { node: "n-1", port: "out", message: cut } })];
  expect(samplesOfRun(run(...spans))).toEqual({ samples: [], left: 2 });
});

test("a name that is taken gets a number", () => {
  expect(freeName("Run", ["Run", "Run (2)"])).toBe("Run (3)");
  expect(freeName("Run", [])).toBe("Run");
});
