/**
 * What a flow's address says of where in it somebody looks: `?group=` the group that is open, `?node=` a node to go to, `?comment=` a
 * thread of comments to open.
 */

export interface Place {
  readonly group: string | null;
  readonly node: string | null;
  readonly comment: string | null;
}

const NAMES = ["group", "node", "comment"] as const;

export function readAddress(href: string): Place {
  const { searchParams } = new URL(href);
  const [group = null, node = null, comment = null] = NAMES.map((name) => searchParams.get(name));
  return { group, node, comment };
}

/** The same page with this group open, or the whole flow. */
export function addressOf(href: string, group: string | null): string {
  return withPlace(href, { group });
}

/** A link that leads to a node, wherever it stands by then. */
export function linkTo(href: string, node: string): string {
  return withPlace(href, { node });
}

/** A link that leads to a thread of comments. */
export function linkToComment(href: string, comment: string): string {
  return withPlace(href, { comment });
}

function withPlace(href: string, place: Partial<Place>): string {
  const url = new URL(href);
  url.hash = "";
  for (const name of NAMES) {
    const value = place[name] ?? null;
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.href;
}
