import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { GRID } from "../core/geometry";

/** Further out, dots are a grey that says nothing. */
const LEAST_ZOOM = 0.4;

/** The grid: a layer of its own that is only shifted while the view moves, never drawn again. */
export function Dots() {
  const store = useStoreApi();
  const dots = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = (): void => {
      const { current } = dots;
      if (!current) return;
      const [x, y, zoom] = store.getState().transform;
      const step = GRID * zoom;
      current.style.visibility = zoom < LEAST_ZOOM ? "hidden" : "";
      current.style.setProperty("--step", `${String(step)}px`);
      current.style.transform = `translate(${String(x % step)}px, ${String(y % step)}px)`;
    };
    place();
    return store.subscribe((now, before) => {
      if (now.transform !== before.transform) place();
    });
  }, [store]);
  return <div ref={dots} className="dots" />;
}
