/** All renderers, one row each. A new one is a control in a file of its own and a row here. */

import { ButtonControl } from "../controls/ButtonControl";
import { ChoiceControl } from "../controls/ChoiceControl";
import { CodeControl } from "../controls/CodeControl";
import { ConstantControl } from "../controls/ConstantControl";
import "../controls/controls.css";
import { DateTimeControl } from "../controls/DateTimeControl";
import { DurationControl } from "../controls/DurationControl";
import { JsonControl } from "../controls/JsonControl";
import { ListControl } from "../controls/ListControl";
import { MapControl } from "../controls/MapControl";
import { NumberControl } from "../controls/NumberControl";
import { ObjectControl } from "../controls/ObjectControl";
import { SecretControl } from "../controls/SecretControl";
import { SelectControl } from "../controls/SelectControl";
import { TextAreaControl } from "../controls/TextAreaControl";
import { TextControl } from "../controls/TextControl";
import { ToggleControl } from "../controls/ToggleControl";
import { RANK, rankWith, type Renderer } from "./renderer";
import * as is from "./testers";

const { ANY, SHAPE, FORMAT, MEANING, SECRECY } = RANK;

export const renderers: readonly Renderer[] = [
  { name: "json", rank: rankWith(ANY, is.always), control: JsonControl },

  { name: "text", rank: rankWith(SHAPE, is.isText), control: TextControl },
  { name: "number", rank: rankWith(SHAPE, is.isNumber), control: NumberControl, layout: "narrow" },
  { name: "toggle", rank: rankWith(SHAPE, is.isBoolean), control: ToggleControl, layout: "narrow" },
  { name: "list", rank: rankWith(SHAPE, is.isList), control: ListControl, layout: "group" },
  { name: "object", rank: rankWith(SHAPE, is.hasFields), control: ObjectControl, layout: "group" },
  { name: "map", rank: rankWith(SHAPE, is.isMap), control: MapControl, layout: "group" },

  {
    name: "textarea",
    rank: rankWith(FORMAT, is.isText, is.hasFormat("textarea", "markdown")),
    control: TextAreaControl,
  },
  {
    name: "code",
    rank: rankWith(FORMAT, is.isText, is.either(is.hasFormat("code"), is.hasLanguage)),
    control: CodeControl,
  },
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
  { name: "button", rank: rankWith(FORMAT, is.isButton), control: ButtonControl },
  { name: "choice", rank: rankWith(FORMAT, is.hasShapes), control: ChoiceControl, layout: "group" },

  { name: "select", rank: rankWith(MEANING, is.hasOptions), control: SelectControl, layout: "narrow" },
  { name: "constant", rank: rankWith(MEANING, is.isConstant), control: ConstantControl, layout: "narrow" },

  { name: "secret", rank: rankWith(SECRECY, is.isSecret), control: SecretControl },
];
