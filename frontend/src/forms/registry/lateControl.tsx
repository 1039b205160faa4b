import type { ComponentType } from "react";
import { late } from "../../ui/late";
import type { ControlProps } from "../FormContext";

/** A control whose code comes when a form has one. */
export function lateControl(load: () => Promise<{ default: ComponentType<ControlProps> }>) {
  return late(load, (_, said) => said ?? <div className="field__loading" aria-hidden="true" />);
}
