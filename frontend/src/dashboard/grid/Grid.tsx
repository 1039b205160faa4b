import { useMemo, useRef, useState } from "react";

import type { PageSession } from "../core/session";
import type { Dashboard, PageOp, Widget } from "../core/types";
import { WidgetCard } from "../widget/WidgetCard";
import { differences, packed, readingOrder, swapped } from "./layout";
import { stepped, type Step } from "./steps";
import { useArranging } from "./useArranging";

interface GridProps {
  dashboard: Dashboard;
  widgets: readonly Widget[];
  session: PageSession;
  editing: boolean;
  onEdit: (ops: PageOp[]) => void;
}

/** The widgets of a page on its grid; arranged by pointer or keyboard. On a narrow screen they stand below each other. */
export function Grid({ dashboard, widgets, session, editing, onEdit }: GridProps) {
  const grid = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState("");
  const stands = useMemo(() => packed(widgets), [widgets]);
  const keep = (after: readonly Widget[]): void => {
    onEdit(differences(widgets, after).map(({ id, fields }) => ({ op: "set_widget", id, fields })));
  };
  const { preview, begin } = useArranging(grid, stands, keep);
  const shown = readingOrder(preview ?? stands);
  const nodes = new Map(dashboard.nodes.map((node) => [node.id, node]));

  const step = (widget: Widget, how: Step): void => {
    const after = packed(stepped(stands, widget, how), widget.id);
    keep(after);
    const now = after.find(({ id }) => id === widget.id) ?? widget;
    setSaid(
      `Column ${String(now.x + 1)}, row ${String(now.y + 1)}, ${String(now.w)} wide, ${String(now.h)} high`,
    );
  };
  return (
    <>
      <div className={`grid ${editing ? "grid--editing" : ""}`} ref={grid}>
        {shown.map((widget, index) => (
          <WidgetCard
            key={widget.id}
            widget={widget}
            node={nodes.get(widget.node)}
            dashboard={dashboard}
            session={session}
            editing={editing}
            arranged={preview !== null}
            onStep={(how) => step(widget, how)}
            onGrab={(event, how) => begin(event, widget.id, how)}
            onEarlier={index > 0 ? () => keep(packed(swapped(stands, widget.id, -1))) : null}
            onLater={index < shown.length - 1 ? () => keep(packed(swapped(stands, widget.id, 1))) : null}
            onEdit={onEdit}
          />
        ))}
      </div>
      <p className="unseen" role="status">
        {said}
      </p>
    </>
  );
}
