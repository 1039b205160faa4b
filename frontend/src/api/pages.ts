/** Rows that are asked for at once: the most that the API gives. */
export const PAGE = 500;

/** No list is as long as this: a server that goes on and on is not followed for ever. */
const MOST_PAGES = 40;

type Next = string | number | null;

/** An answer without `next` is of a server that knows no pages of it, and whole. */
interface Page {
  readonly next?: Next | undefined;
}

/** All pages of a list, in order: `ask` is called with the query of each, begun after `after`. */
export async function everyPage<A extends Page>(
  ask: (query: string) => Promise<A>,
  limit = PAGE,
  after: Next = null,
): Promise<readonly [A, ...A[]]> {
  const query = (from: Next) =>
    `?limit=${String(limit)}${from === null ? "" : `&after=${encodeURIComponent(from)}`}`;
  let page = await ask(query(after));
  const pages: [A, ...A[]] = [page];
  while (page.next !== undefined && page.next !== null && pages.length < MOST_PAGES) {
    page = await ask(query(page.next));
    pages.push(page);
  }
  return pages;
}
