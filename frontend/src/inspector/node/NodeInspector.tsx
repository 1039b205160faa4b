import { lazy, Suspense } from "react";
import { useCan, useComponent, useLive, useNode, usePorts } from "../../live/hooks";
import { countFields, fillsPanel } from "../contents/countFields";
import { Loaded } from "../contents/Loaded";
import { ControlPanel } from "../control/ControlPanel";
import { Tabs } from "../panel/Tabs";
import { Descriptions } from "./Descriptions";
import { ForeignNote } from "./ForeignNote";
import { Messages } from "./Messages";
import { NodeComment } from "./NodeComment";
import { NodeDetails } from "./NodeDetails";
import { NodeHeader } from "./NodeHeader";
import { NodeTroubles } from "./NodeState";
import { SettingsForm } from "./SettingsForm";

const NO_CODE =
  "This node runs code, and writing code is left to others in this project: ask an owner of it.";
export const VIEW_ONLY =
  "You may look at this flow, not change it. Its owner can give you the right to edit.";

const StateTab = lazy(() => import("../state/StateTab"));

const TABS = ["Settings", "Messages", "State", "Details"] as const;
export type NodeTab = (typeof TABS)[number];

interface NodeInspectorProps {
  id: string;
  /** Stays open when another node is selected: one looks at the messages of one after the other. */
  tab: NodeTab;
  onTab: (tab: NodeTab) => void;
}

/** Everything about one node. */
export function NodeInspector({ id, tab, onTab }: NodeInspectorProps) {
  const node = useNode(id);
  const can = useCan();
  const live = useLive(id);
  const component = useComponent(node?.module ?? "", node?.component ?? "");
  const ports = usePorts(id);
  if (!node) return null;
  const editable = can.edit;
  const mayCode = can.code !== false || component?.runsCode !== true;
  const readOnly = !editable ? VIEW_ONLY : mayCode ? null : NO_CODE;
  const settings = ports.find(({ name }) => name === "_settings");
  const control = ports.find(({ name }) => name === "_control");
  const controls = control && <ControlPanel node={node} port={control} live={live} />;
  // What is watched and pressed is not looked for below sixty settings.
  const controlsFirst = fillsPanel(settings);
  return (
    <>
      <NodeHeader node={node} component={component} editable={editable} />
      {node.foreign && <ForeignNote home={node.foreign} />}
      <NodeComment node={node} editable={editable} />
      <Tabs tabs={TABS} open={tab} onOpen={onTab}>
        <NodeTroubles node={id} live={live} />
        {!component && (
          <p className="note" role="status">
            The component {node.component} of {node.module} is not in the catalogue: its module is not
            running. The settings are shown as JSON until it is.
          </p>
        )}
        {tab === "Settings" && (
          <>
            {controlsFirst && controls}
            <Loaded row={node} fields={countFields(settings)} blank={{ ...node, settings: {} }}>
              {(loaded) => (
                <>
                  <SettingsForm node={loaded} port={settings} live={live} readOnly={readOnly} />
                  <Descriptions node={loaded} ports={ports} editable={editable} />
                </>
              )}
            </Loaded>
            {!controlsFirst && controls}
          </>
        )}
        {tab === "Messages" && <Messages node={id} ports={ports} live={live} />}
        {tab === "State" && (
          <Suspense fallback={<p className="muted small">Loading …</p>}>
            <StateTab node={id} />
          </Suspense>
        )}
        {tab === "Details" && (
          <NodeDetails node={node} component={component} live={live} editable={can.edit} />
        )}
      </Tabs>
    </>
  );
}
