import { describe, expect, it } from "vitest";

import { setAt } from "../schema/pointer";
import type { FieldError, Json, Path } from "../schema/types";
import { Drafts } from "./drafts";
import { revert, submit, type FormTarget } from "./submit";

interface Bench extends FormTarget {
  sent: [Path, Json | undefined][];
}

/** A form whose validator and server answer as told. */
function bench(
  start: Json,
  check: (document: Json | undefined) => readonly FieldError[] | null,
  refuse: (value: Json | undefined) => readonly FieldError[] = () => [],
): Bench {
  let document = start;
  const sent: Bench["sent"] = [];
  return {
    key: "form",
    drafts: new Drafts(),
    sent,
    document: () => document,
    check: (candidate) => Promise.resolve(check(candidate)),
    send: (path, value) => {
      sent.push([path, value]);
      const before = document;
      document = setAt(document, path, value) ?? null;
      const refused = refuse(value);
      return Promise.resolve(refused).then((errors) => {
        if (errors.length) document = before;
        return errors;
      });
    },
  };
}

const fits = () => [];

describe("an edit that fits", () => {
  it("is sent and leaves no draft behind", async () => {
    const form = bench({ a: 1 }, fits);
    await submit(form, ["a"], 2);
    expect(form.sent).toEqual([[["a"], 2]]);
    expect(form.drafts.of("form")).toEqual([]);
  });

  it("is sent too when nobody could check it: the server decides", async () => {
    const form = bench({ a: 1 }, () => null);
    await submit(form, ["a"], 2);
    expect(form.sent).toHaveLength(1);
  });

  it("is not held back by what is wrong elsewhere, nor by a warning", async () => {
    const form = bench({}, () => [
      { pointer: "/b", message: "Required" },
      { pointer: "/a", message: "Unusual", level: "warning" },
    ]);
    await submit(form, ["a"], 2);
    expect(form.sent).toHaveLength(1);
  });
});

describe("an edit that does not fit", () => {
  const tooLarge = [{ pointer: "/a", message: "At most 10" }];

  it("stays as a held draft with what was typed, and is not sent", async () => {
    const form = bench({ a: 1 }, () => tooLarge);
    await submit(form, ["a"], 20, "20");
    expect(form.sent).toEqual([]);
    expect(form.drafts.read("form", ["a"])).toMatchObject({
      phase: "held",
      value: 20,
      text: "20",
      errors: tooLarge,
    });
  });

  it("can be given up", async () => {
    const form = bench({ a: 1 }, () => tooLarge);
    await submit(form, ["a"], 20, "20");
    revert(form, ["a"]);
    expect(form.drafts.of("form")).toEqual([]);
  });

  it("is overtaken by a newer one of the same field", async () => {
    const form = bench({ a: 1 }, (document) => (JSON.stringify(document) === '{"a":20}' ? tooLarge : []));
    await Promise.all([submit(form, ["a"], 20, "20"), submit(form, ["a"], 5, "5")]);
    expect(form.sent).toEqual([[["a"], 5]]);
    expect(form.drafts.of("form")).toEqual([]);
  });
});

describe("an edit that the server refuses", () => {
  const taken = [{ pointer: "/a", message: "The name is taken" }];

  it("comes back as a draft with the reason", async () => {
    const form = bench({ a: "old" }, fits, () => taken);
    await submit(form, ["a"], "new", "new");
    expect(form.document()).toEqual({ a: "old" });
    expect(form.drafts.read("form", ["a"])).toMatchObject({ phase: "held", text: "new", errors: taken });
  });

  it("does not overwrite what was typed meanwhile", async () => {
    const form = bench({ a: "old" }, fits, () => taken);
    const done = submit(form, ["a"], "new", "new");
    await Promise.resolve();
    form.drafts.write("form", { phase: "typing", path: ["a"], text: "newer", errors: [] });
    await done;
    expect(form.drafts.read("form", ["a"])?.text).toBe("newer");
  });
});

describe("a structure that is held back", () => {
  it("takes in the edits below it and goes out as a whole once it fits", async () => {
    const named = (document: Json | undefined) =>
      JSON.stringify(document).includes('""') ? [{ pointer: "/list/0/name", message: "Required" }] : [];
    const form = bench({ list: [] }, named);
    await submit(form, ["list"], [{ name: "" }]);
    expect(form.sent).toEqual([]);
    await submit(form, ["list", 0, "name"], "first", "first");
    expect(form.sent).toEqual([[["list"], [{ name: "first" }]]]);
    expect(form.drafts.of("form")).toEqual([]);
  });
});
