/** What a dragged palette row carries. */

import { COMPONENT_TYPE } from "../core/catalogue";
import type { Component } from "../core/types";

export function fillDrag(transfer: DataTransfer, { module, name, title }: Component): void {
  transfer.setData(COMPONENT_TYPE, JSON.stringify({ module, component: name }));
  transfer.setData("text/plain", title);
  transfer.effectAllowed = "copy";
}
