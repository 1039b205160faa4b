import { isObject } from "../core/json";
import type { Json, Run, RunSpan } from "../core/types";
import { isCut } from "../scenarios/capture";
import type { Scenario } from "../scenarios/types";
import type { Expect, TestBody } from "./types";

/** Expectations that a test of a run begins with; more would be read by nobody. */
const MOST = 20;
/** Fields that are others each time. */
const CHANGING = /^(timestamp|time|at|date|id|batch|operationId)$/i;

/** A message at a port, `<node id>.<port>`. */
export interface Seen {
  readonly at: string;
  readonly message: Json;
}

/**
 * A test that gives what the run began with and expects what came to each input on its way. Null where the beginning was
 * not recorded.
 */
export function testOfRun(run: Run): TestBody | null {
  const entry = run.spans.find((span) => span.edge === null && span.node !== null);
  if (!entry || entry.node === null || entry.message === undefined || isCut(entry.message)) return null;
  const expect: Expect[] = [];
  for (const span of run.spans) {
    if (expect.length >= MOST || span === entry || span.node === null || span.edge === null) continue;
    const came = expectationOf(span, span.node);
    if (came) expect.push(came);
  }
  return { given: { at: `${entry.node}.${entry.port}`, message: entry.message }, expect };
}

/** A test with a scenario: it gives what an output has sent there, and expects nothing yet. */
export function testOfScenario(scenario: Scenario): TestBody | null {
  const [first] = scenario.ports;
  if (!first) return null;
  return { given: { at: `${first.node}.${first.port}` }, scenario: scenario.name, expect: [] };
}

/**
 * A test of a message that was seen: it gives it where it was seen, and expects what was seen at the other end of its wire. Null
 * where only a message's beginning is known.
 */
export function testOfMessage(seen: Seen, arrived?: Seen): TestBody | null {
  if (isCut(seen.message)) return null;
  const expect =
    arrived === undefined || isCut(arrived.message)
      ? []
      : [{ ...arrived, message: expectable(arrived.message) }];
  return { given: seen, expect };
}

/** What can be expected again of a message that came: without what is another each time. */
export function expectable(message: Json): Json {
  if (!isObject(message)) return message;
  return Object.fromEntries(Object.entries(message).filter(([key]) => !CHANGING.test(key)));
}

function expectationOf(span: RunSpan, node: string): Expect | null {
  const at = `${node}.${span.port}`;
  if (span.error)
    return span.error.node === undefined || span.error.node === null ? null : { at, error: span.error.code };
  if (span.message === undefined || isCut(span.message)) return null;
  return { at, message: expectable(span.message) };
}
