/** What a flow's address says of where in it somebody looks: `?group=` the group that is open, `?node=` a node to go to. */

export interface Place {
  readonly group: string | null;
  readonly node: string | null;
}

export function readAddress(href: string): Place {
  const { searchParams } = new URL(href);
  return { group: searchParams.get("group"), node: searchParams.get("node") };
}

/** The same page with this group open, or the whole flow. */
export function addressOf(href: string, group: string | null): string {
  return withPlace(href, { group, node: null });
}

/** A link that leads to a node, wherever it stands by then. */
export function linkTo(href: string, node: string): string {
  return withPlace(href, { group: null, node });
}

function withPlace(href: string, place: Place): string {
  const url = new URL(href);
  url.hash = "";
  for (const [name, value] of Object.entries(place) as [string, string | null][]) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.href;
}
