import { afterEach, describe, expect, it, vi } from "vitest";
import { Refusal, Unreachable } from "../core/errors";
import { flowApi } from "./flowApi";

function answer(status: number, body: unknown) {
  const fetched = vi.fn<(url: string, init?: RequestInit) => Promise<Response>>(() =>
    Promise.resolve(new Response(typeof body === "string" ? body : JSON.stringify(body), { status })),
  );
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

const REQUEST = { base_rev: 1, client_op_id: "c", ops: [] };

describe("the flow's HTTP API", () => {
  it("sends JSON with the CSRF token", async () => {
    document.cookie = "csrftoken=abc";
    const fetched = answer(200, { rev: 2, prev_rev: 1, ops: [] });
    expect(await flowApi("f").change(REQUEST)).toEqual({ rev: 2, prev_rev: 1, ops: [] });
    expect(fetched).toHaveBeenCalledWith(
      "/api/flows/f/changes",
      expect.objectContaining({
        method: "POST",
        body: JSON.stringify(REQUEST),
        headers: expect.objectContaining({ "X-CSRFToken": "abc" }) as unknown,
      }),
    );
  });

  it("sends the idempotency key with a press", async () => {
    const fetched = answer(202, { id: "s" });
    await flowApi("f").press("n", { reset: true }, "key");
    expect(fetched.mock.calls[0]?.[1]?.headers).toMatchObject({ "Idempotency-Key": "key" });
  });

  it("turns the server's no into a refusal with its reason", async () => {
    answer(409, { error: { code: "gone", message: "Grace deleted it.", op: 3, by: "Grace" } });
    const error = await flowApi("f")
      .change(REQUEST)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Refusal);
    expect(error).toMatchObject({
      status: 409,
      code: "gone",
      message: "Grace deleted it.",
      details: { op: 3 },
    });
  });

  it("takes server errors and unreadable answers for no answer", async () => {
    answer(503, { error: { code: "busy", message: "Busy." } });
    await expect(flowApi("f").load()).rejects.toThrow(new Unreachable("Busy."));
    answer(200, "<html>");
    await expect(flowApi("f").load()).rejects.toBeInstanceOf(Unreachable);
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
    await expect(flowApi("f").load()).rejects.toBeInstanceOf(Unreachable);
  });

  it("explains a refusal without a body", async () => {
    answer(401, "");
    await expect(flowApi("f").load()).rejects.toThrow(/signed out/);
  });
});
