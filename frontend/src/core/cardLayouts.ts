import { layoutCard, type CardLayout, type WiredPort } from "./geometry";
import { findPort } from "./ports";
import type { Port } from "./types";

/** Outputs with a leading `>`. */
export function wiredKey({ name, source }: WiredPort): string {
  return source ? `>${name}` : name;
}

/** One layout per list of ports, and one more for each set of ports that it should not be wired at. */
export class CardLayouts {
  private readonly layouts = new WeakMap<readonly Port[], Map<string, CardLayout>>();

  get(ports: readonly Port[], wired: readonly WiredPort[]): CardLayout {
    let known = this.layouts.get(ports);
    if (!known) this.layouts.set(ports, (known = new Map()));
    const missing = wired.filter(({ name, source }) => !findPort(ports, name, source));
    const key = missing.map(wiredKey).join("\n");
    let layout = known.get(key);
    if (!layout) known.set(key, (layout = layoutCard(ports, missing)));
    return layout;
  }
}
