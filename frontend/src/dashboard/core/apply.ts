/** Operations on pages, as the server applies them. Pure. What is there already, or gone already, changes nothing. */

import type { Page, PageOp, Pages, Widget } from "./types";

export function applyOps(to: Pages, ops: readonly PageOp[]): Pages {
  return ops.reduce(applyOp, to);
}

function applyOp(to: Pages, op: PageOp): Pages {
  const { pages, widgets } = to;
  switch (op.op) {
    case "add_page": {
      if (pages.some(({ id }) => id === op.id)) return to;
      const behind = Math.max(-1, ...pages.map(({ position }) => position)) + 1;
      const { id, name, operators, position = behind } = op;
      const added = op.widgets?.filter((widget) => !widgets.some((one) => one.id === widget.id)) ?? [];
      return {
        pages: inOrder([...pages, { id, name, operators, position }]),
        widgets: [...widgets, ...added],
      };
    }
    case "set_page":
      return {
        pages: inOrder(pages.map((page) => (page.id === op.id ? { ...page, ...op.fields } : page))),
        widgets,
      };
    case "delete_page":
      return {
        pages: pages.filter(({ id }) => id !== op.id),
        widgets: widgets.filter(({ page }) => page !== op.id),
      };
    case "add_widget": {
      if (widgets.some(({ id }) => id === op.id)) return to;
      const { op: _, ...widget } = op;
      return { pages, widgets: [...widgets, widget] };
    }
    case "set_widget":
      return { pages, widgets: widgets.map((one) => (one.id === op.id ? { ...one, ...op.fields } : one)) };
    case "delete_widget":
      return { pages, widgets: widgets.filter(({ id }) => id !== op.id) };
  }
}

function inOrder(pages: readonly Page[]): readonly Page[] {
  return pages.toSorted((one, other) => one.position - other.position || (one.id < other.id ? -1 : 1));
}

export function widgetsOf({ widgets }: Pages, page: string): readonly Widget[] {
  return widgets.filter((widget) => widget.page === page);
}
