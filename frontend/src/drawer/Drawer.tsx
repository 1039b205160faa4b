import { useEffect, useRef, type ReactNode } from "react";
import { Icon } from "../ui/Icon";
import "./drawer.css";
import { DrawerHandle } from "./DrawerHandle";
import { useHeight } from "./useHeight";

interface DrawerProps {
  name: string;
  /** Stands beside the name: what can be done with all of it. */
  tools?: ReactNode;
  /** Its height in px until somebody changes it, where that is another than drawers have. */
  usual?: number;
  onClose: () => void;
  children: ReactNode;
}

/** A panel below the canvas: it takes room from the canvas instead of lying on it. */
export function Drawer({ name, tools, usual, onClose, children }: DrawerProps) {
  const [height, setHeight] = useHeight(usual);
  const drawer = useRef<HTMLElement>(null);
  useEffect(() => drawer.current?.focus(), []);
  return (
    <section
      ref={drawer}
      className="drawer"
      style={{ height }}
      aria-label={name}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) {
          event.stopPropagation();
          onClose();
        }
        // A key that means something in here must not also delete what is selected on the canvas.
        if (event.key === "Delete" || event.key === "Backspace") event.stopPropagation();
      }}
    >
      <DrawerHandle height={height} usual={usual} onResize={setHeight} />
      <header className="drawer__head">
        <h2>{name}</h2>
        <div className="drawer__tools">{tools}</div>
        <button
          type="button"
          className="btn btn--plain btn--icon btn--s"
          aria-label={`Close ${name.toLowerCase()}`}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      {children}
    </section>
  );
}
