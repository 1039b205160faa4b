import { useId, useState, type ReactNode } from "react";

import { Icon } from "../ui/Icon";

interface PaletteGroupProps {
  category: string;
  count: number;
  children: ReactNode;
}

/** A category that can be folded away. */
export function PaletteGroup({ category, count, children }: PaletteGroupProps) {
  const [open, setOpen] = useState(true);
  const id = useId();
  return (
    <section>
      <h2>
        <button
          type="button"
          className="palette__group"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? "down" : "right"} />
          {category}
          <span className="num">{count}</span>
        </button>
      </h2>
      <ul id={id} hidden={!open}>
        {children}
      </ul>
    </section>
  );
}
