import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ValidatorClient, type WorkerLike } from "./client";
import type { CheckRequest } from "./protocol";

/** A worker that answers when told. */
class HandWorker implements WorkerLike {
  onmessage: WorkerLike["onmessage"] = null;
  onerror: WorkerLike["onerror"] = null;
  readonly asked: CheckRequest[] = [];
  ended = false;

  postMessage(message: CheckRequest): void {
    this.asked.push(message);
  }

  terminate(): void {
    this.ended = true;
  }

  answer(id: number, message = ""): void {
    const data = { id, errors: message ? [{ pointer: "", message }] : [] };
    this.onmessage?.(new MessageEvent("message", { data }));
  }
}

let workers: HandWorker[];
let client: ValidatorClient;

beforeEach(() => {
  vi.useFakeTimers();
  workers = [];
  client = new ValidatorClient(() => {
    const worker = new HandWorker();
    workers.push(worker);
    return worker;
  });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("the validator's queue", () => {
  it("starts its worker at the first question only", () => {
    expect(workers).toHaveLength(0);
    void client.check("a", {}, 1);
    void client.check("b", {}, 2);
    expect(workers).toHaveLength(1);
  });

  it("asks one question at a time and answers each", async () => {
    const first = client.check("a", {}, 1);
    const second = client.check("b", {}, 2);
    expect(workers[0]?.asked.map(({ value }) => value)).toEqual([1]);
    workers[0]?.answer(1, "wrong");
    expect(await first).toEqual([{ pointer: "", message: "wrong" }]);
    workers[0]?.answer(2);
    expect(await second).toEqual([]);
  });

  it("lets the newest question of a topic win", async () => {
    void client.check("busy", {}, 0);
    const old = client.check("a", {}, 1);
    const fresh = client.check("a", {}, 2);
    expect(await old).toBeNull();
    workers[0]?.answer(1);
    workers[0]?.answer(2);
    expect(await fresh).toEqual([]);
    expect(workers[0]?.asked.map(({ value }) => value)).toEqual([0, 2]);
  });

  it("is bounded: beyond it the oldest goes unanswered", async () => {
    const asked = Array.from({ length: 66 }, (_, index) => client.check(`topic ${index}`, {}, index));
    expect(await asked[1]).toBeNull();
    workers[0]?.answer(1);
    expect(await asked[0]).toEqual([]);
  });
});

describe("a worker that fails", () => {
  it("is replaced when it takes too long", async () => {
    const stuck = client.check("a", {}, 1);
    vi.advanceTimersByTime(2_000);
    expect(await stuck).toBeNull();
    expect(workers[0]?.ended).toBe(true);
    const next = client.check("a", {}, 2);
    workers[1]?.answer(2);
    expect(await next).toEqual([]);
  });

  it("is replaced when it breaks", async () => {
    const broken = client.check("a", {}, 1);
    workers[0]?.onerror?.(new ErrorEvent("error"));
    expect(await broken).toBeNull();
    void client.check("a", {}, 2);
    expect(workers).toHaveLength(2);
  });

  it("that cannot even start leaves the answer to the server", async () => {
    const none = new ValidatorClient(() => {
      throw new Error("blocked");
    });
    expect(await none.check("a", {}, 1)).toBeNull();
  });

  it("ignores an answer that comes too late", async () => {
    void client.check("a", {}, 1);
    vi.advanceTimersByTime(2_000);
    const next = client.check("b", {}, 2);
    workers[1]?.answer(1, "late");
    workers[1]?.answer(2);
    expect(await next).toEqual([]);
  });
});
