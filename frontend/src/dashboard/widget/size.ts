/** How large a widget has to be to show its panel whole. Pure. */

import { chartOf, controlFields } from "../../inspector/control/fields";
import type { Schema } from "../../forms/schema/types";
import { MAX_HEIGHT } from "../grid/layout";

/** A row with its gap, and what stands around the fields; pixels. */
const ROW = 60;
const AROUND = 72;

export function sizeFor(schema: Schema): { w: number; h: number } {
  const { readings, facts, lists, inputs, buttons } = controlFields(schema);
  const charts = readings.map((field) => chartOf(field.schema));
  const pixels =
    AROUND +
    readings.length * 82 +
    charts.filter((chart) => chart === "sparkline").length * 36 +
    charts.filter((chart) => chart === "line").length * 150 +
    facts.length * 24 +
    lists.length * 180 +
    inputs.length * 72 +
    buttons.length * 84;
  return { w: 2, h: Math.min(MAX_HEIGHT, Math.max(2, Math.ceil(pixels / ROW))) };
}
