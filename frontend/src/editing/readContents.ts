import type { RetryPolicy } from "../core/delivery";
import { MAX_COORDINATE } from "../core/geometry";
import { isObject } from "../core/json";
import { COLOURS, type Json, type JsonObject } from "../core/types";
import { MAX_EDGES, MAX_NODES, MAX_TEXT } from "./limits";
import type { Contents, CopiedEdge, CopiedGroup, CopiedNode, CopiedNote } from "./contents";

const MAX_FRAMES = 2_000;
const MAX_LABEL = 200;
const MAX_COMMENT = 10_000;
const MAX_NOTE = 20_000;
const MAX_CODES = 100;
/** Levels of one value, as the server counts them. */
const MAX_DEPTH = 100;
const RESOURCE_PART = /^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/;

export type Reading =
  | { readonly contents: Contents }
  /** What is wrong, in words for the person who pastes. */
  | { readonly problem: string };

/** Reads clipboard text. Anything may stand on a clipboard: nothing of it is believed before it was looked at. */
export function readContents(text: string): Reading {
  if (text.trim() === "") return { problem: "The clipboard is empty. Copy nodes first." };
  if (text.length > MAX_TEXT) {
    const size = Math.ceil(text.length / 1024 / 1024);
    return {
      problem: `The clipboard holds ${String(size)} MB; up to ${String(MAX_TEXT / 1024 / 1024)} can be pasted. Paste it in parts.`,
    };
  }
  try {
    return { contents: contentsOf(parsed(text)) };
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.message };
    throw error;
  }
}

class Unreadable extends Error {}

function parsed(text: string): JsonObject {
  const other = new Unreadable(
    "The clipboard holds no nodes of a flow. Copy nodes first, or paste the text into a field.",
  );
  // Anything of ours begins with a brace: other text is not even parsed.
  if (!text.trimStart().startsWith("{")) throw other;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw other;
  }
  if (!isObject(value) || value["weirflow"] === undefined) throw other;
  if (value["weirflow"] !== 1) {
    throw new Unreadable(
      `The clipboard holds version ${JSON.stringify(value["weirflow"])} of copied nodes; this editor reads version 1. Reload the page.`,
    );
  }
  return value;
}

function contentsOf(value: JsonObject): Contents {
  const nodes = list(value["nodes"], "nodes", MAX_NODES).map((item, index) =>
    node(item, `nodes/${String(index)}`),
  );
  const edges = list(value["edges"] ?? [], "edges", MAX_EDGES).map((item, index) =>
    edge(item, `edges/${String(index)}`),
  );
  const twice = nodes.find(({ id }, index) => nodes.findIndex((other) => other.id === id) !== index);
  if (twice)
    throw new Unreadable(`Two of the nodes on the clipboard have the id ${twice.id}. Give each its own.`);
  const from = value["cut_from"];
  const groups = list(value["groups"] ?? [], "groups", MAX_FRAMES).map((item, index) =>
    group(item, `groups/${String(index)}`),
  );
  const notes = list(value["notes"] ?? [], "notes", MAX_FRAMES).map((item, index) =>
    note(item, `notes/${String(index)}`),
  );
  if (nodes.length + notes.length === 0)
    throw new Unreadable("The clipboard holds no nodes. Copy nodes first.");
  return {
    weirflow: 1,
    ...(typeof from === "string" ? { cut_from: from } : {}),
    nodes,
    edges,
    groups,
    notes,
  };
}

function node(value: Json, where: string): CopiedNode {
  const row = object(value, where);
  return {
    id: text(row["id"], `${where}/id`, 64, 1),
    module: resourcePart(row["module"], `${where}/module`),
    component: resourcePart(row["component"], `${where}/component`),
    label: text(row["label"] ?? "", `${where}/label`, MAX_LABEL),
    comment: text(row["comment"] ?? "", `${where}/comment`, MAX_COMMENT),
    x: number(row["x"] ?? 0, `${where}/x`),
    y: number(row["y"] ?? 0, `${where}/y`),
    settings: shallow(object(row["settings"] ?? {}, `${where}/settings`), `${where}/settings`),
    ...(typeof row["group"] === "string" ? { group: row["group"] } : {}),
    ...(row["schemas"] === undefined ? {} : { schemas: schemas(row["schemas"], `${where}/schemas`) }),
  };
}

function schemas(value: Json, where: string): NonNullable<CopiedNode["schemas"]> {
  const ports = Object.entries(shallow(object(value, where), where)).map(([port, said]) => {
    const definitions = Object.entries(object(said, `${where}/${port}`));
    return [
      port,
      Object.fromEntries(definitions.map(([name, schema]) => [name, object(schema, where)])),
    ] as const;
  });
  return Object.fromEntries(ports);
}

function group(value: Json, where: string): CopiedGroup {
  const row = object(value, where);
  const ports = Object.entries(object(row["ports"] ?? {}, `${where}/ports`));
  return {
    ...frame(row, where),
    name: text(row["name"] ?? "", `${where}/name`, MAX_LABEL),
    collapsed: row["collapsed"] === true,
    ports: Object.fromEntries(ports.map(([key, name]) => [key, text(name, `${where}/ports`, MAX_LABEL)])),
  };
}

function note(value: Json, where: string): CopiedNote {
  const row = object(value, where);
  return {
    ...frame(row, where),
    text: text(row["text"] ?? "", `${where}/text`, MAX_NOTE),
    ...(typeof row["group"] === "string" ? { group: row["group"] } : {}),
  };
}

function frame(row: JsonObject, where: string): Omit<CopiedNote, "text" | "group"> {
  return {
    id: text(row["id"], `${where}/id`, 64, 1),
    colour: COLOURS.find((colour) => colour === row["colour"]) ?? "grey",
    x: number(row["x"] ?? null, `${where}/x`),
    y: number(row["y"] ?? null, `${where}/y`),
    width: number(row["width"] ?? null, `${where}/width`),
    height: number(row["height"] ?? null, `${where}/height`),
  };
}

function edge(value: Json, where: string): CopiedEdge {
  const row = object(value, where);
  return {
    source: text(row["source"], `${where}/source`, 64, 1),
    source_port: text(row["source_port"], `${where}/source_port`, 63, 1),
    target: text(row["target"], `${where}/target`, 64, 1),
    target_port: text(row["target_port"], `${where}/target_port`, 63, 1),
    mapping: shallow(object(row["mapping"] ?? {}, `${where}/mapping`), `${where}/mapping`),
    ...((row["timeout_ms"] ?? null) === null
      ? {}
      : { timeout_ms: count(row["timeout_ms"], `${where}/timeout_ms`) }),
    ...((row["retry_policy"] ?? null) === null
      ? {}
      : { retry_policy: retries(row["retry_policy"], `${where}/retry_policy`) }),
  };
}

function retries(value: Json | undefined, where: string): RetryPolicy {
  const row = object(value, where);
  const codes = list(row["nonRetryableErrorCodes"] ?? [], `${where}/nonRetryableErrorCodes`, MAX_CODES);
  return {
    maxAttempts: count(row["maxAttempts"], `${where}/maxAttempts`),
    initialDelayMs: count(row["initialDelayMs"], `${where}/initialDelayMs`),
    backoffCoefficient: count(row["backoffCoefficient"], `${where}/backoffCoefficient`),
    maxDelayMs: count(row["maxDelayMs"], `${where}/maxDelayMs`),
    nonRetryableErrorCodes: codes.map((code) => text(code, `${where}/nonRetryableErrorCodes`, MAX_LABEL)),
  };
}

/** Whether it is one that a wire may have is for the server to say. */
function count(value: Json | undefined, where: string): number {
  if (typeof value !== "number" || !(value >= 0)) throw wrong(where, "a number from 0");
  return value;
}

function list(value: Json | undefined, where: string, most: number): Json[] {
  if (!Array.isArray(value))
    throw new Unreadable(`What is on the clipboard cannot be pasted: ${where} is not a list.`);
  if (value.length > most) {
    throw new Unreadable(
      `The clipboard holds ${String(value.length)} ${where}; up to ${String(most)} can be pasted at once. Copy fewer.`,
    );
  }
  return value;
}

function object(value: Json | undefined, where: string): JsonObject {
  if (!isObject(value)) throw wrong(where, "an object");
  return value;
}

function text(value: Json | undefined, where: string, most: number, least = 0): string {
  if (typeof value !== "string" || value.length < least || value.length > most) {
    throw wrong(where, `a text of ${String(least)} to ${String(most)} characters`);
  }
  return value;
}

function resourcePart(value: Json | undefined, where: string): string {
  if (typeof value !== "string" || !RESOURCE_PART.test(value))
    throw wrong(where, "a name of small letters, digits, . _ and -");
  return value;
}

function number(value: Json, where: string): number {
  // Checked before it is drawn: the canvas counts in cells, and past 2^53 one more is no other number.
  if (typeof value !== "number" || !(Math.abs(value) <= MAX_COORDINATE))
    throw wrong(where, `a number from ${String(-MAX_COORDINATE)} to ${String(MAX_COORDINATE)}`);
  return Math.round(value);
}

/** Level by level, because a text of brackets alone is as deep as it is long. */
function shallow(value: JsonObject, where: string): JsonObject {
  let level: Json[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw wrong(where, `nested at most ${String(MAX_DEPTH)} levels deep`);
    level = level.flatMap((item) => (item !== null && typeof item === "object" ? Object.values(item) : []));
  }
  return value;
}

function wrong(where: string, wanted: string): Unreadable {
  return new Unreadable(`What is on the clipboard cannot be pasted: ${where} is not ${wanted}.`);
}
