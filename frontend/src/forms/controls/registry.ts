/** The controls of each kind. To draw a kind in another way, put another component here. */

import type { ComponentType } from "react";

import type { ControlProps } from "../FormContext";
import type { Kind } from "../schema/kinds";
import { ButtonControl } from "./ButtonControl";
import { ChoiceControl } from "./ChoiceControl";
import "./controls.css";
import { CodeControl } from "./CodeControl";
import { ConstantControl } from "./ConstantControl";
import { DateTimeControl } from "./DateTimeControl";
import { DurationControl } from "./DurationControl";
import { JsonControl } from "./JsonControl";
import { ListControl } from "./ListControl";
import { MapControl } from "./MapControl";
import { NumberControl } from "./NumberControl";
import { ObjectControl } from "./ObjectControl";
import { SecretControl } from "./SecretControl";
import { SelectControl } from "./SelectControl";
import { TextAreaControl } from "./TextAreaControl";
import { TextControl } from "./TextControl";
import { ToggleControl } from "./ToggleControl";

export const controls: Record<Kind, ComponentType<ControlProps>> = {
  button: ButtonControl,
  choice: ChoiceControl,
  code: CodeControl,
  constant: ConstantControl,
  datetime: DateTimeControl,
  duration: DurationControl,
  json: JsonControl,
  list: ListControl,
  map: MapControl,
  number: NumberControl,
  object: ObjectControl,
  secret: SecretControl,
  select: SelectControl,
  text: TextControl,
  textarea: TextAreaControl,
  toggle: ToggleControl,
};
