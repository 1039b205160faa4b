import { createContext, useContext } from "react";

import type { Press } from "../../core/editorTypes";
import type { Readable } from "../../core/store";
import type { JsonObject } from "../../core/types";

/** Who pressed a button last, and when (ISO). */
export interface LastPress {
  readonly by: string;
  readonly at: string;
}

/** By the button's name. */
export type Pressed = Readonly<Record<string, LastPress>>;

/** Where a control panel stands, in the editor or on a dashboard: who may press there, and which way a press goes. */
export interface ControlHost {
  /** Why nothing can be pressed; null when it can. */
  readonly refusal: string | null;
  press(node: string, data: JsonObject): Press;
  pressed(node: string): Readable<Pressed>;
}

const Context = createContext<ControlHost | null>(null);

export const ControlHostProvider = Context.Provider;

export function useControlHost(): ControlHost {
  const host = useContext(Context);
  if (!host) throw new Error("No controls here: wrap the panel in ControlHostProvider.");
  return host;
}
