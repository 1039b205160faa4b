/** The token of the share link that this page was opened by; null for somebody who is signed in. */
export const SHARE: string | null = tokenOf(document.querySelector<HTMLElement>("[data-share]"));

/** What says to the server by which link its page was opened. */
export const SHARE_HEADERS: Readonly<Record<string, string>> =
  SHARE === null ? {} : { "X-Weirflow-Share": SHARE };

/** The address of the websocket of a flow or page, beside the page's own; that of the link, where one opened it. */
export function socketUrl(kind: "flows" | "pages", id: string, share: string | null = SHARE): string {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const path = share === null ? `${kind}/${encodeURIComponent(id)}` : `shared/${encodeURIComponent(share)}`;
  return `${scheme}//${location.host}/ws/${path}`;
}

function tokenOf(place: HTMLElement | null): string | null {
  const token = place?.dataset["share"] ?? "";
  return token === "" ? null : token;
}
