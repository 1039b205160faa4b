import { Menu } from "./actions/menu/ContextMenu";
import { OtherFlows } from "./canvas/FlowPicker";
import { pasting } from "./canvas/clipboard";
import { InputPicker } from "./canvas/WirePicker";
import { QuickChoice } from "./palette/QuickAdd";
import { CommandPalette, Help } from "./panels";
import { late } from "./ui/late";

/** The buttons below a selected card; where they cannot be loaded the panel still has them. */
export const CardControls = late(
  () => import("./inspector/control/CardControls"),
  () => null,
);

/** What answers to a key or a click anywhere: brought before it is asked for, so that it is there at once, also offline. */
export const AHEAD = [
  QuickChoice,
  Menu,
  CommandPalette,
  CardControls,
  pasting,
  InputPicker,
  OtherFlows,
  Help,
] as const;
