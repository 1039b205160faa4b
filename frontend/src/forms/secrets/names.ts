import type { Path } from "../schema/types";
import type { NamedSecret } from "./secretsContext";

/** How a flow names a key of a secret; the value itself never enters a flow. */
const REFERENCE = /^\[\[secret:([^/[\]]+)\/([^/[\]]+)\]\]$/;
const MOST = 63;

export interface SecretName {
  readonly name: string;
  readonly key: string;
}

/** What a text refers to, if it is a reference and nothing else. */
export function referenceIn(text: string): SecretName | null {
  const found = REFERENCE.exec(text.trim());
  return found?.[1] && found[2] ? { name: found[1], key: found[2] } : null;
}

/** A text on its way to be a reference or an expression: no secret is meant by it. */
export function isReferring(text: string, mayBeExpression: boolean): boolean {
  const begun = text.trimStart();
  return begun === "" || begun.startsWith("[[") || (mayBeExpression && begun.startsWith("{{"));
}

/** A name that the server takes: lower-case, digits, single dashes and dots between them. */
export function asName(text: string): string {
  const plain = text.normalize("NFKD").toLowerCase();
  return (
    plain
      .replace(/[^a-z0-9.]+/g, "-")
      .replace(/[.-]*\.[.-]*/g, ".")
      .replace(/^[.-]+/, "")
      .slice(0, MOST)
      .replace(/[.-]+$/, "") || "secret"
  );
}

export function asKey(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, "_").slice(0, MOST) || "value";
}

/** Name and key for the field at `path` that no other secret has. */
export function freeName(suggested: string, path: Path, taken: readonly NamedSecret[]): SecretName {
  const key = asKey(String(path.findLast((step) => typeof step === "string") ?? "value"));
  const names = new Set(taken.filter((one) => one.key === key).map((one) => one.name));
  const base = asName(suggested);
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base.slice(0, MOST - 4)}-${String(number)}`;
    if (!names.has(name)) return { name, key };
  }
}
