import type { Delivery } from "../core/delivery";
import type { Op } from "../core/types";
import type { CopiedNode } from "./contents";

/** How a wire hands over, where that is said. */
export function deliveryOps(id: string, { timeout_ms = null, retry_policy = null }: Partial<Delivery>): Op[] {
  return timeout_ms === null && retry_policy === null
    ? []
    : [{ op: "set_delivery", id, timeout_ms, retry_policy }];
}

/** What people said of open definitions, an operation each. */
export function schemaOps(id: string, schemas: CopiedNode["schemas"] = {}): Op[] {
  return Object.entries(schemas).flatMap(([port, definitions]) =>
    Object.entries(definitions).map(([definition, schema]): Op => ({
      op: "set_schema",
      id,
      port,
      definition,
      schema,
    })),
  );
}
