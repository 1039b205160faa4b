/** All renderers, one row each. A new one is a control in a file of its own and a row here. */

import { AnyControl } from "../controls/AnyControl";
import { ButtonControl } from "../controls/ButtonControl";
import { CheckboxControl } from "../controls/CheckboxControl";
import { ChoiceControl } from "../controls/ChoiceControl";
import { CodeControl } from "../controls/CodeControl";
import { ColorControl } from "../controls/ColorControl";
import { ConstantControl } from "../controls/ConstantControl";
import "../controls/controls.css";
import "../controls/choices.css";
import { DateTimeControl } from "../controls/DateTimeControl";
import { DurationControl } from "../controls/DurationControl";
import { JsonControl } from "../controls/JsonControl";
import { ListControl } from "../controls/ListControl";
import { ManyControl } from "../controls/ManyControl";
import { MapControl } from "../controls/MapControl";
import { MarkdownControl } from "../controls/MarkdownControl";
import { NumberControl } from "../controls/NumberControl";
import { ObjectControl } from "../controls/ObjectControl";
import { RadioControl } from "../controls/RadioControl";
import { ReadingControl } from "../controls/ReadingControl";
import { SearchControl } from "../controls/SearchControl";
import { RangeControl } from "../controls/RangeControl";
import { SelectControl } from "../controls/SelectControl";
import { TextAreaControl } from "../controls/TextAreaControl";
import { TextControl } from "../controls/TextControl";
import { ToggleControl } from "../controls/ToggleControl";
import { TupleControl } from "../controls/TupleControl";
import { lateControl } from "./lateControl";
import { RANK, rankWith, type Renderer } from "./renderer";
import * as is from "./testers";

const { ANY, SHAPE, FORMAT, MEANING, READING, SECRECY } = RANK;

/** Seldom seen, or heavy: they come when a form has one. */
const FileControl = lateControl(() => import("../controls/FileControl"));
const TableControl = lateControl(() => import("../controls/TableControl"));

export const renderers: readonly Renderer[] = [
  { name: "json", rank: rankWith(ANY, is.always), control: JsonControl },

  { name: "any", rank: rankWith(SHAPE, is.isAny), control: AnyControl },
  { name: "text", rank: rankWith(SHAPE, is.isText), control: TextControl },
  { name: "number", rank: rankWith(SHAPE, is.isNumber), control: NumberControl, layout: "narrow" },
  { name: "toggle", rank: rankWith(SHAPE, is.isBoolean), control: ToggleControl, layout: "narrow" },
  { name: "list", rank: rankWith(SHAPE, is.isList), control: ListControl, layout: "group" },
  { name: "tuple", rank: rankWith(SHAPE, is.isTuple), control: TupleControl, layout: "group" },
  { name: "object", rank: rankWith(SHAPE, is.hasFields), control: ObjectControl, layout: "group" },
  { name: "map", rank: rankWith(SHAPE, is.isMap), control: MapControl, layout: "group" },

  { name: "textarea", rank: rankWith(FORMAT, is.isText, is.hasFormat("textarea")), control: TextAreaControl },
  { name: "markdown", rank: rankWith(FORMAT, is.isText, is.hasFormat("markdown")), control: MarkdownControl },
  {
    name: "code",
    rank: rankWith(FORMAT, is.isText, is.either(is.hasFormat("code", "json"), is.hasLanguage)),
    control: CodeControl,
  },
  { name: "source", rank: rankWith(FORMAT, is.isNoText, is.hasFormat("code", "json")), control: JsonControl },
  {
    name: "datetime",
    rank: rankWith(FORMAT, is.isText, is.hasFormat("date-time", "date", "time")),
    control: DateTimeControl,
    layout: "narrow",
  },
  {
    name: "duration",
    rank: rankWith(FORMAT, is.isText, is.hasFormat("duration")),
    control: DurationControl,
    layout: "narrow",
  },
  {
    name: "color",
    rank: rankWith(FORMAT, is.isText, is.hasFormat("color")),
    control: ColorControl,
    layout: "narrow",
  },
  { name: "file", rank: rankWith(FORMAT, is.isText, is.hasFormat("base64")), control: FileControl },
  { name: "range", rank: rankWith(FORMAT, is.isNumber, is.hasFormat("range")), control: RangeControl },
  { name: "button", rank: rankWith(FORMAT, is.isButton), control: ButtonControl },
  {
    name: "checkbox",
    rank: rankWith(FORMAT, is.isBoolean, is.hasFormat("checkbox")),
    control: CheckboxControl,
    layout: "narrow",
  },
  { name: "choice", rank: rankWith(FORMAT, is.hasShapes), control: ChoiceControl, layout: "group" },
  { name: "table", rank: rankWith(FORMAT, is.isTable), control: TableControl, layout: "group" },
  { name: "many", rank: rankWith(FORMAT, is.isSetOfOptions), control: ManyControl, layout: "group" },

  { name: "select", rank: rankWith(MEANING, is.hasOptions), control: SelectControl, layout: "narrow" },
  { name: "search", rank: rankWith(MEANING + 1, is.hasManyOptions), control: SearchControl },
  {
    name: "radio",
    rank: rankWith(MEANING + 2, is.hasOptions, is.hasFormat("radiobox")),
    control: RadioControl,
  },
  { name: "constant", rank: rankWith(MEANING, is.isConstant), control: ConstantControl, layout: "narrow" },

  { name: "reading", rank: rankWith(READING, is.isReading), control: ReadingControl, layout: "narrow" },

  {
    name: "secret",
    rank: rankWith(SECRECY, is.isSecret),
    control: lateControl(() => import("../controls/SecretControl")),
  },
];
