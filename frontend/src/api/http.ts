import { Refusal, Unreachable, type RefusalDetails } from "../core/errors";
import type { Json } from "../core/types";
import { SHARE_HEADERS } from "./share";

/** What a browser still sends when the page is closed meanwhile has a bound, over all requests under way together. */
const KEPT_ALIVE = 48 * 1024;
/** No request of the editor may hang: after this long it counts as unanswered and is tried again. */
const TIME_LIMIT_MS = 15_000;

export interface RequestOptions {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  headers?: Record<string, string>;
}

/**
 * One JSON request to our own server. Resolves with the parsed answer; rejects with `Refusal` when the
 * server decided against it and with `Unreachable` when trying again may help.
 */
export async function requestJson<T>(url: string, options: RequestOptions = {}): Promise<T> {
  const { method = "GET", body, headers } = options;
  const text = body === undefined ? undefined : JSON.stringify(body);
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      credentials: "same-origin",
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
      headers: {
        Accept: "application/json",
        ...SHARE_HEADERS,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(method === "GET" ? {} : { "X-CSRFToken": csrfToken() }),
        ...headers,
      },
      body: text,
      // Whoever edits and closes the page at once has edited.
      keepalive: text !== undefined && text.length < KEPT_ALIVE,
    });
  } catch (error) {
    throw new Unreachable("The server cannot be reached.", { cause: error });
  }
  const answer = await parse(response);
  if (response.ok) return answer as T;
  if (response.status >= 500 || response.status === 429 || response.status === 408) {
    throw new Unreachable(reasonIn(answer) ?? `The server answered ${String(response.status)}.`);
  }
  throw refusalOf(response.status, answer);
}

async function parse(response: Response): Promise<unknown> {
  try {
    return (await response.json()) as Json;
  } catch (error) {
    if (response.ok) throw new Unreachable("The server's answer could not be read.", { cause: error });
    return null;
  }
}

interface ErrorBody {
  error?: RefusalDetails & { code?: string; message?: string };
}

function reasonIn(answer: unknown): string | undefined {
  return (answer as ErrorBody | null)?.error?.message;
}

function refusalOf(status: number, answer: unknown): Refusal {
  const { code, message, ...details } = (answer as ErrorBody | null)?.error ?? {};
  return new Refusal(status, code ?? `http_${String(status)}`, message ?? sentenceFor(status), details);
}

function sentenceFor(status: number): string {
  if (status === 401) return "You are signed out. Sign in again in another tab; your edits are kept.";
  if (status === 403) return "You may not do this.";
  if (status === 404) return "It is not there any more.";
  if (status === 413) return "It is too large.";
  return `The server refused it (${String(status)}).`;
}

/** From Django's cookie, or from the page where the cookie is not readable for scripts. */
function csrfToken(): string {
  const cookie = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  return cookie ?? document.querySelector<HTMLElement>("[data-csrf]")?.dataset["csrf"] ?? "";
}
