/** What a dragged palette row carries. */

import type { Component } from "../core/types";

/** Its data is `{"module", "component"}` as JSON. */
export const COMPONENT_TYPE = "application/x-weirflow-component";

export function fillDrag(transfer: DataTransfer, { module, name, title }: Component): void {
  transfer.setData(COMPONENT_TYPE, JSON.stringify({ module, component: name }));
  transfer.setData("text/plain", title);
  transfer.effectAllowed = "copy";
}
