import { useCallback, useState, useSyncExternalStore, type KeyboardEvent, type PointerEvent } from "react";

import { findComponent } from "../../core/catalogue";
import { StatePill } from "../../inspector/node/StatePill";
import { Icon } from "../../ui/Icon";
import type { PageSession } from "../core/session";
import type { Dashboard, NodeLive, PageOp, Widget, WidgetNode } from "../core/types";
import { WidgetSettings } from "../dialogs/WidgetSettings";
import type { Step } from "../grid/steps";
import { WidgetBody } from "./WidgetBody";

interface WidgetCardProps {
  widget: Widget;
  /** Undefined: it was deleted. */
  node: WidgetNode | undefined;
  dashboard: Dashboard;
  session: PageSession;
  editing: boolean;
  /** Something on the page is being dragged. */
  arranged: boolean;
  onStep: (step: Step) => void;
  onGrab: (event: PointerEvent<HTMLElement>, how: "move" | "resize") => void;
  onEarlier: (() => void) | null;
  onLater: (() => void) | null;
  onEdit: (ops: PageOp[]) => void;
}

/** One widget: the control panel of a node, under its name. */
export function WidgetCard(props: WidgetCardProps) {
  const { widget, node, dashboard, session, editing, arranged, onStep, onGrab, onEdit } = props;
  const live = useWidgetLive(session, widget.node);
  const [setting, setSetting] = useState(false);
  const component =
    node && findComponent({ components: dashboard.components, modules: [] }, node.module, node.component);
  const title = widget.title || node?.label || component?.title || node?.component || "A node that is gone";
  const place = {
    gridColumn: `${String(widget.x + 1)} / span ${String(widget.w)}`,
    gridRow: `${String(widget.y + 1)} / span ${String(widget.h)}`,
  };
  return (
    <section className={`widget ${arranged ? "widget--arranged" : ""}`} aria-label={title} style={place}>
      <header className="widget__head">
        {editing && <Handle how="move" title={title} onStep={onStep} onGrab={onGrab} />}
        <h2 className="clip grow" title={node ? `${title}, in ${node.flow.name}` : title}>
          {title}
        </h2>
        {!editing && node && <StatePill live={live} />}
        {editing && (
          <>
            <button
              type="button"
              className="btn btn--plain btn--icon btn--s"
              aria-label={`Settings of ${title}`}
              title="Settings"
              onClick={() => setSetting(true)}
            >
              <Icon name="edit" />
            </button>
            <button
              type="button"
              className="btn btn--plain btn--icon btn--s"
              aria-label={`Take ${title} off the page`}
              title="Take off the page"
              onClick={() => onEdit([{ op: "delete_widget", id: widget.id }])}
            >
              <Icon name="close" />
            </button>
          </>
        )}
      </header>
      <WidgetBody widget={widget} node={node} component={component} dashboard={dashboard} live={live} />
      {editing && <Handle how="resize" title={title} onStep={onStep} onGrab={onGrab} />}
      {setting && (
        <WidgetSettings
          live={live}
          widget={widget}
          title={title}
          project={dashboard.project.id}
          node={node}
          component={component}
          onEdit={onEdit}
          onEarlier={props.onEarlier}
          onLater={props.onLater}
          onClose={() => setSetting(false)}
        />
      )}
    </section>
  );
}

const ARROWS: Readonly<Record<string, [-1 | 0 | 1, -1 | 0 | 1]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface HandleProps {
  how: Step["how"];
  title: string;
  onStep: WidgetCardProps["onStep"];
  onGrab: WidgetCardProps["onGrab"];
}

/** Dragged by pointer, or moved by arrow keys while it has the focus. */
function Handle({ how, title, onStep, onGrab }: HandleProps) {
  const pressed = (event: KeyboardEvent): void => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    onStep({ how, columns: arrow[0], rows: arrow[1] });
  };
  return (
    <button
      type="button"
      className={`widget__handle widget__handle--${how}`}
      aria-label={
        how === "move" ? `Move ${title} with the arrow keys` : `Resize ${title} with the arrow keys`
      }
      title={how === "move" ? "Move: drag, or arrow keys" : "Resize: drag, or arrow keys"}
      onKeyDown={pressed}
      onPointerDown={(event) => onGrab(event, how)}
    >
      {how === "move" && <Icon name="grip" />}
    </button>
  );
}

function useWidgetLive({ live }: PageSession, node: string): NodeLive | undefined {
  const subscribe = useCallback((listener: () => void) => live.subscribe(node, listener), [live, node]);
  return useSyncExternalStore(subscribe, () => live.node(node));
}
