import { useCallback, useEffect, useMemo, useState } from "react";
import { ActionsContext } from "./actions/context";
import { ContextMenu } from "./actions/menu/ContextMenu";
import { NO_VIEW, type ActionContext } from "./actions/types";
import { useActionKeys } from "./actions/useActionKeys";
import { AHEAD, CardControls } from "./ahead";
import { CanvasState, CanvasStateContext } from "./canvas/canvasState";
import { CanvasLayerProvider } from "./canvas/canvasLayer";
import { CardExtrasProvider } from "./canvas/cardExtras";
import { FlowCanvas } from "./canvas/FlowCanvas";
import type { Editor } from "./core/editor";
import { DrawerBar } from "./shell/DrawerBar";
import { OfferedFile } from "./files/OfferedFile";
import { StartButtons } from "./files/StartButtons";
import { FieldMarksProvider } from "./forms/FieldMark";
import { Inspector } from "./inspector/Inspector";
import { FlowProvider, useOpenFlow, type OpenFlow } from "./live/context";
import { useIsStale, useReadable } from "./live/hooks";
import { PastContext, shownPast, type Past } from "./live/past";
import { useReplay } from "./live/replay";
import { useViewed } from "./live/useViewed";
import { Palette } from "./palette/Palette";
import { QuickAdd } from "./palette/QuickAdd";
import { DRAWERS, PANELS, PastBanner, readComments } from "./panels";
import { peopleAtField, PeopleInEditor, PeopleOnCanvas } from "./presence/Late";
import { AccessNote } from "./shell/AccessNote";
import { Announcer } from "./shell/Announcer";
import { GroupPath } from "./shell/GroupPath";
import { Notices } from "./shell/Notices";
import { SkipLinks } from "./shell/SkipLinks";
import { Topbar } from "./shell/Topbar";
import { fetchAhead, late } from "./ui/late";
import { useAddress } from "./shell/useAddress";
import { useComments, wishOfAddress } from "./shell/useComments";

const MergeNotice = late(() => import("./merging/MergeNotice"));
const ME = document.getElementById("editor")?.dataset["user"] ?? "";

/** The same element at each turn: the canvas is not drawn anew for it. */
const PEOPLE_ON_CANVAS = <PeopleOnCanvas />;

/** The editor's page, of the flow as it is or of a state of its past. */
export function App({ editor }: { editor: Editor }) {
  const present = useOpenFlow();
  const past = useReadable(shownPast);
  return (
    <FlowProvider value={past?.flow ?? present}>
      <PastContext value={past}>
        <Page editor={editor} present={present} past={past} />
      </PastContext>
    </FlowProvider>
  );
}

interface PageProps {
  editor: Editor;
  /** The flow as it is, also while its past is looked at. */
  present: OpenFlow;
  past: Past | null;
}

/** Palette, canvas, inspector, and the bar above them. */
function Page({ editor, present, past }: PageProps) {
  const flow = useOpenFlow();
  const { live } = flow;
  // Before the address is written anew.
  useState(() => wishOfAddress(location.href));
  useAddress(editor);
  const viewed = useViewed(flow.editor);
  const shown = useMemo(() => ({ ...flow, editor: viewed }), [flow, viewed]);
  const [canvas] = useState(() => new CanvasState());
  const [panel, setPanel] = useState<string | null>(null);
  const [drawer, setDrawer] = useState<string | null>(null);
  const open = useCallback((name: string | null): void => {
    if (name !== null && name in DRAWERS) setDrawer(name);
    else setPanel(name);
  }, []);
  useComments(readComments, open);
  const view = useReadable(canvas.view) ?? NO_VIEW;
  const context = useMemo<ActionContext>(
    () => ({ editor: viewed, live, canvas, view, open }),
    [viewed, live, canvas, view, open],
  );
  useActionKeys(context);
  useEffect(() => fetchAhead(AHEAD), []);
  const replaying = useReadable(useReplay().on);
  const stale = useIsStale();
  const Panel = panel === null ? undefined : PANELS[panel];
  const Drawer = drawer === null ? undefined : DRAWERS[drawer];
  return (
    <ActionsContext value={context}>
      <CanvasStateContext value={canvas}>
        <div className="app">
          <SkipLinks />
          <Topbar panel={panel} open={open} drawer={drawer} onDrawer={setDrawer}>
            <FlowProvider value={present}>
              <PeopleInEditor />
            </FlowProvider>
          </Topbar>
          <FlowProvider value={shown}>
            <Palette />
          </FlowProvider>
          <main
            className={["stage", replaying && "stage--replay", stale && "stage--stale"]
              .filter(Boolean)
              .join(" ")}
          >
            <GroupPath />
            <FlowProvider value={shown}>
              <CardExtrasProvider value={CardControls}>
                <CanvasLayerProvider value={past ? null : PEOPLE_ON_CANVAS}>
                  <FlowCanvas
                    key={`${past?.key ?? ""} ${viewed.view ?? ""}`}
                    editor={viewed}
                    starts={<StartButtons />}
                  />
                </CanvasLayerProvider>
              </CardExtrasProvider>
            </FlowProvider>
            {past && <PastBanner past={past} />}
            <FlowProvider value={present}>
              <AccessNote />
              <Notices>
                <MergeNotice editor={editor} me={ME} />
              </Notices>
            </FlowProvider>
            <Announcer />
            <QuickAdd />
            <ContextMenu />
            <OfferedFile />
            {Panel && <Panel onClose={() => setPanel(null)} />}
            <DrawerBar drawer={drawer} onDrawer={setDrawer} />
          </main>
          <FieldMarksProvider value={peopleAtField}>
            <Inspector />
            {Drawer && <Drawer onClose={() => setDrawer(null)} />}
          </FieldMarksProvider>
        </div>
      </CanvasStateContext>
    </ActionsContext>
  );
}
