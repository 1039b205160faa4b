import type { Json } from "../core/types";
import type { Answer, Expect, Given, TestBody } from "./types";

/** What an expectation says, in one word. */
export type Kind = "message" | "count" | "absent" | "error" | "reply";

export const KINDS: Readonly<Record<Kind, string>> = {
  message: "a message",
  count: "a number of messages",
  absent: "no message",
  error: "an error",
  reply: "this reply",
};

export function kindOf(expect: Expect): Kind {
  if ("reply" in expect) return "reply";
  if ("error" in expect) return "error";
  if (expect.absent) return "absent";
  return expect.count === undefined ? "message" : "count";
}

/** The expectation as one of another kind, at the same port where that has one. */
export function asKind(expect: Expect, kind: Kind, at: string): Expect {
  const place = expect.at ?? at;
  const { message = {} } = expect;
  switch (kind) {
    case "message":
      return { at: place, message };
    case "count":
      return { at: place, count: 1 };
    case "absent":
      return { at: place, absent: true };
    case "error":
      return { at: place, error: true };
    case "reply":
      return { reply: expect.message ?? {} };
  }
}

/** The code of an expected error; empty: any. */
export function codeOf({ error }: Expect): string {
  if (typeof error === "string") return error;
  if (typeof error === "object" && error !== null && !Array.isArray(error)) {
    return typeof error["code"] === "string" ? error["code"] : "";
  }
  return "";
}

export function givensOf({ given }: TestBody): readonly Given[] {
  return isList(given) ? given : [given];
}

/** One message stands by itself, as people write it. */
export function withGivens(body: TestBody, given: readonly Given[]): TestBody {
  const [first, ...more] = given;
  return { ...body, given: first && more.length === 0 ? first : given };
}

/** What outputs give instead of their node being run, in the order in which they were written. */
export function answersOf({ answers }: TestBody): readonly Answer[] {
  return Object.entries(answers ?? {}).map(([at, message]) => ({ at, message }));
}

export function withAnswers(body: TestBody, answers: readonly Answer[]): TestBody {
  const { answers: _, ...rest } = body;
  const told = Object.fromEntries(answers.map(({ at, message }) => [at, message ?? null]));
  return answers.length === 0 ? rest : { ...rest, answers: told };
}

/** Node and port of `<node id>.<port>`; the port is empty where only a node is named. */
export function placeOf(at: string | undefined): { readonly node: string; readonly port: string } {
  const [node = "", ...port] = (at ?? "").split(".");
  return { node, port: port.join(".") };
}

/** A message in a few characters. */
export function inShort(message: Json | undefined, most = 60): string {
  if (message === undefined) return "from the scenario";
  const text = JSON.stringify(message);
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function isList(given: TestBody["given"]): given is readonly Given[] {
  return Array.isArray(given);
}
