import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";

import { Drafts } from "../draft/drafts";
import type { FormTarget } from "../draft/submit";
import { Form } from "../Form";
import { setAt } from "../schema/pointer";
import type { Json, Path, Schema } from "../schema/types";
import { SecretsProvider, type NamedSecret, type ProjectSecrets } from "../secrets/secretsContext";

const schema: Schema = {
  type: "object",
  properties: { url: { type: "string", title: "Address", secret: true } },
};
const VALUE = "https://hooks.example/hunter2";

function secret(name: string, key: string, id?: string): NamedSecret {
  return { ...(id ? { id } : {}), name, key, reference: `[[secret:${name}/${key}]]`, use_count: 0 };
}

/** A form of one secret, and a project that keeps what it is given. */
class Bench implements FormTarget, ProjectSecrets {
  readonly key = "form";
  readonly drafts = new Drafts();
  readonly suggested = "Post to Slack";
  readonly page = "/projects/p/secrets/";
  readonly kept = new Map<string, string>();
  known: NamedSecret[];
  current: Json;
  readonly asked: string[] = [];
  private readonly view: ReturnType<typeof render>;

  constructor(current: Json, known: NamedSecret[] = [], with_ = true) {
    this.current = current;
    this.known = known;
    this.view = render(this.form(with_));
  }

  form(with_ = true) {
    const form = <Form schema={schema} value={this.current} target={this} />;
    return with_ ? <SecretsProvider value={this}>{form}</SecretsProvider> : form;
  }

  document() {
    return this.current;
  }
  check(document: Json | undefined) {
    this.asked.push(JSON.stringify(document));
    return Promise.resolve([]);
  }
  send(path: Path, value: Json | undefined) {
    this.current = setAt(this.current, path, value) ?? {};
    this.view.rerender(this.form());
    return Promise.resolve([]);
  }
  list() {
    return Promise.resolve(this.known);
  }
  add = vi.fn((name: string, key: string, value: string) => {
    if (this.kept.has(`${name}/${key}`))
      return Promise.reject(new Error("It is taken: choose another name."));
    this.kept.set(`${name}/${key}`, value);
    const made = secret(name, key, `id-${name}`);
    this.known = [...this.known, made];
    return Promise.resolve(made);
  });
  replace = vi.fn((id: string, value: string) => {
    this.kept.set(id, value);
    return Promise.resolve(this.known.find((one) => one.id === id) ?? secret("none", "none"));
  });
}

const input = () => screen.findByLabelText<HTMLInputElement>("Address");
const type = async (text: string) => fireEvent.change(await input(), { target: { value: text } });

afterEach(cleanup);

describe("a secret field", () => {
  it("takes a value to the cluster and holds its name", async () => {
    const bench = new Bench({});
    await type(VALUE);
    expect((await input()).type).toBe("password");
    expect(screen.getByLabelText<HTMLInputElement>("Name of the secret").value).toBe("post-to-slack");
    expect(screen.getByLabelText<HTMLInputElement>("Key in it").value).toBe("url");
    fireEvent.keyDown(await input(), { key: "Enter" });
    await waitFor(() => expect(bench.current).toEqual({ url: "[[secret:post-to-slack/url]]" }));
    expect(bench.kept).toEqual(new Map([["post-to-slack/url", VALUE]]));
    expect((await input()).value).toBe("[[secret:post-to-slack/url]]");
    expect(document.body.innerHTML).not.toContain("hunter2");
    expect(bench.asked.join()).not.toContain("hunter2");
  });

  it("keeps what is typed out of drafts, which are stored and sent, and forgets it when given up", async () => {
    const bench = new Bench({});
    await type(VALUE);
    fireEvent.blur(await input());
    expect(bench.drafts.read("form", ["url"])).toBeUndefined();
    fireEvent.keyDown(await input(), { key: "Escape" });
    expect((await input()).value).toBe("");
    expect(bench.add).not.toHaveBeenCalled();
    expect(bench.current).toEqual({});
  });

  it("says why a value was not taken, and lets it be kept under another name", async () => {
    const bench = new Bench({});
    bench.kept.set("post-to-slack/url", "another's");
    await type(VALUE);
    fireEvent.click(screen.getByRole("button", { name: "Keep secret" }));
    expect((await screen.findByRole("alert")).textContent).toContain("taken");
    fireEvent.change(screen.getByLabelText("Name of the secret"), { target: { value: "other" } });
    fireEvent.click(screen.getByRole("button", { name: "Keep secret" }));
    await waitFor(() => expect(bench.current).toEqual({ url: "[[secret:other/url]]" }));
  });

  it("gives a secret another value under the same name", async () => {
    const bench = new Bench({ url: "[[secret:slack/url]]" }, [secret("slack", "url", "id-slack")]);
    fireEvent.click(await screen.findByRole("button", { name: "Replace value of Address" }));
    await type(VALUE);
    fireEvent.click(screen.getByRole("button", { name: "Keep secret" }));
    await waitFor(() => expect(bench.replace).toHaveBeenCalledWith("id-slack", VALUE));
    expect(bench.current).toEqual({ url: "[[secret:slack/url]]" });
    await waitFor(() => expect(document.body.innerHTML).not.toContain("hunter2"));
  });

  it("asks for the value of a reference that came from elsewhere", async () => {
    const bench = new Bench({ url: "[[secret:their/key]]" });
    expect(await screen.findByText(/their\/key was not added here/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Add value of Address" }));
    await type(VALUE);
    fireEvent.keyDown(await input(), { key: "Enter" });
    await waitFor(() => expect(bench.kept).toEqual(new Map([["their/key", VALUE]])));
    expect(bench.current).toEqual({ url: "[[secret:their/key]]" });
  });

  it("can be one that is there already, or none", async () => {
    const bench = new Bench({}, [secret("slack", "url", "id-slack"), secret("made", "by-kubectl")]);
    fireEvent.change(await screen.findByLabelText("Choose a secret for Address"), {
      target: { value: "[[secret:made/by-kubectl]]" },
    });
    await waitFor(() => expect(bench.current).toEqual({ url: "[[secret:made/by-kubectl]]" }));
    fireEvent.click(await screen.findByRole("button", { name: "Remove the secret of Address" }));
    await waitFor(() => expect(bench.current).toEqual({ url: "" }));
  });

  it("keeps the lines of a key that is pasted, and no line break behind a word", async () => {
    const bench = new Bench({});
    const key = "-----BEGIN KEY-----\nhunter2\n-----END KEY-----\n";
    const paste = async (text: string) =>
      fireEvent.paste(await input(), { clipboardData: { getData: () => text } });
    await paste(`${VALUE}\r\n`);
    expect((await input()).value).toBe(VALUE);
    await paste(key);
    expect(screen.getByText(/lines were pasted/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Keep secret" }));
    await waitFor(() => expect(bench.kept).toEqual(new Map([["post-to-slack/url", key]])));
  });

  it("takes a reference as it is typed, without a question", async () => {
    const bench = new Bench({});
    await type("[[secret:slack/url]]");
    fireEvent.blur(await input());
    await waitFor(() => expect(bench.current).toEqual({ url: "[[secret:slack/url]]" }));
    expect(bench.add).not.toHaveBeenCalled();
  });

  it("can only be named where there is no project", async () => {
    const bench = new Bench({}, [], false);
    await type(VALUE);
    fireEvent.blur(await input());
    expect(await screen.findByText(/never kept in a flow/)).toBeTruthy();
    expect(bench.current).toEqual({});
  });
});
