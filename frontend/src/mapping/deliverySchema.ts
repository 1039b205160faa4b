/** How a wire hands messages over, as a form: the words of docs/mapping.md. */

import type { Delivery, RetryPolicy } from "../core/delivery";
import type { JsonObject } from "../core/types";
import type { Json, Schema } from "../forms/schema/types";

const DAY_MS = 86_400_000;
const RETRIES: RetryPolicy = {
  maxAttempts: 1,
  initialDelayMs: 1_000,
  backoffCoefficient: 2,
  maxDelayMs: 30_000,
  nonRetryableErrorCodes: [],
};

export const DELIVERY: Schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    timeout_ms: {
      type: "integer",
      title: "Timeout of an attempt (ms)",
      minimum: 1,
      maximum: DAY_MS,
      description:
        "An attempt that takes longer fails, and may be made again. Empty: only the message's own deadline counts.",
    },
    maxAttempts: {
      type: "integer",
      title: "Attempts",
      minimum: 1,
      maximum: 10,
      default: RETRIES.maxAttempts,
      description:
        "How often a message is sent in all. Only after errors that say a later attempt may succeed; 1: once.",
    },
    initialDelayMs: {
      type: "integer",
      title: "First pause (ms)",
      minimum: 0,
      maximum: DAY_MS,
      default: RETRIES.initialDelayMs,
      description: "Before the second attempt.",
    },
    backoffCoefficient: {
      type: "number",
      title: "Each pause longer by",
      minimum: 1,
      maximum: 1000,
      default: RETRIES.backoffCoefficient,
      description: "2: each pause is twice as long as the one before it.",
    },
    maxDelayMs: {
      type: "integer",
      title: "Longest pause (ms)",
      minimum: 0,
      maximum: DAY_MS,
      default: RETRIES.maxDelayMs,
      description: "No pause grows beyond it.",
    },
    nonRetryableErrorCodes: {
      type: "array",
      title: "No further attempt after",
      maxItems: 50,
      items: { type: "string", title: "Code", minLength: 1, maxLength: 256 },
      description: "Codes of errors, as they stand under a problem.",
    },
  },
};

/** The form's document. */
export function deliveryDocument({ timeout_ms, retry_policy }: Partial<Delivery>): JsonObject {
  const { nonRetryableErrorCodes: codes, ...numbers } = retry_policy ?? { nonRetryableErrorCodes: [] };
  return {
    ...(typeof timeout_ms === "number" ? { timeout_ms } : {}),
    ...numbers,
    ...(codes.length > 0 ? { nonRetryableErrorCodes: [...codes] } : {}),
  };
}

/** What the document says; without a word about retries there is no policy. */
export function deliveryOf(document: JsonObject): Delivery {
  const number = (name: keyof RetryPolicy, otherwise: number) =>
    typeof document[name] === "number" ? document[name] : otherwise;
  const codes: Json = document["nonRetryableErrorCodes"] ?? [];
  const policy: RetryPolicy = {
    maxAttempts: number("maxAttempts", RETRIES.maxAttempts),
    initialDelayMs: number("initialDelayMs", RETRIES.initialDelayMs),
    backoffCoefficient: number("backoffCoefficient", RETRIES.backoffCoefficient),
    maxDelayMs: number("maxDelayMs", RETRIES.maxDelayMs),
    nonRetryableErrorCodes: Array.isArray(codes) ? codes.filter((code) => typeof code === "string") : [],
  };
  const said = Object.keys(RETRIES).some((name) => name in document);
  const { timeout_ms } = document;
  return {
    timeout_ms: typeof timeout_ms === "number" ? timeout_ms : null,
    retry_policy: said ? policy : null,
  };
}

/** What it comes to: `Up to 3 attempts, after 1 s and 2 s.` */
export function inWords({ timeout_ms = null, retry_policy = null }: Partial<Delivery>): string {
  const timeout = timeout_ms === null ? "" : ` Each may take ${seconds(timeout_ms)}.`;
  if (!retry_policy || retry_policy.maxAttempts === 1) return `A message is sent once.${timeout}`;
  const { maxAttempts, initialDelayMs, backoffCoefficient, maxDelayMs } = retry_policy;
  const pauses = Array.from({ length: Math.min(maxAttempts - 1, 4) }, (_, index) =>
    seconds(Math.min(initialDelayMs * backoffCoefficient ** index, maxDelayMs)),
  );
  const more = maxAttempts - 1 > pauses.length ? " and so on" : "";
  return `A message is sent up to ${String(maxAttempts)} times, with pauses of ${pauses.join(", ")}${more}.${timeout}`;
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${String(Math.round(ms))} ms` : `${String(Math.round(ms / 100) / 10)} s`;
}
