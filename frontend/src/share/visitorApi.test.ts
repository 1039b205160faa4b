import { describe, expect, it, vi } from "vitest";
import { flowApi } from "../api/flowApi";
import { socketUrl } from "../api/share";
import { visitorApi } from "./visitorApi";

describe("the API of who came by a share link", () => {
  it("asks for the flow, and for nothing that is not open to them", async () => {
    const asked = vi.spyOn(globalThis, "fetch").mockImplementation(() => Promise.resolve(Response.json({})));
    const api = visitorApi(flowApi("f"));
    await api.load();
    expect(asked).toHaveBeenCalledOnce();
    await expect(api.contents(["n"], [])).rejects.toMatchObject({ status: 403 });
    await Promise.all([api.find("x"), api.siblings(), api.presses("n")]);
    void api.validation("");
    expect(asked).toHaveBeenCalledOnce();
  });

  it("listens by the link, where one opened the page", () => {
    expect(socketUrl("flows", "f", null)).toMatch(/^wss?:\/\/[^/]+\/ws\/flows\/f$/);
    expect(socketUrl("pages", "p", "a/b")).toMatch(/\/ws\/shared\/a%2Fb$/);
  });
});
