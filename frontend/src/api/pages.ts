/** Rows that are asked for at once: the most that the API gives. */
export const PAGE = 500;

/** No list is as long as this: a server that goes on and on is not followed for ever. */
const MOST_PAGES = 40;

interface Page {
  readonly next: string | number | null;
}

/** All pages of a list, in order: `ask` is called with the query of each, begun after `after`. */
export async function everyPage<A extends Page>(
  ask: (query: string) => Promise<A>,
  limit = PAGE,
  after: Page["next"] = null,
): Promise<readonly [A, ...A[]]> {
  const query = (from: Page["next"]) =>
    `?limit=${String(limit)}${from === null ? "" : `&after=${encodeURIComponent(from)}`}`;
  let page = await ask(query(after));
  const pages: [A, ...A[]] = [page];
  while (page.next !== null && pages.length < MOST_PAGES) {
    page = await ask(query(page.next));
    pages.push(page);
  }
  return pages;
}
