import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "@xyflow/react/dist/base.css";
import "../../static/css/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/shell.css";
import "./styles/overlays.css";
import "./styles/canvas.css";
import "./styles/figure.css";
import "./styles/gliding.css";
import "./styles/overview.css";
import "./styles/wires.css";
import "./styles/talk.css";
import "./styles/replay.css";
import "./styles/drawerbar.css";
import "./styles/narrow.css";
import { createRoot } from "react-dom/client";
import { flowApi } from "./api/flowApi";
import { flowKeeper } from "./api/keeper";
import { mappingApi } from "./api/mappingApi";
import { SHARE } from "./api/share";
import { Editor } from "./core/editor";
import { Checks } from "./live/checks";
import { commentHints } from "./live/commentHints";
import { FlowProvider } from "./live/context";
import { Session } from "./live/session";
import { LiveStore } from "./live/store";
import { choiceOf } from "./scenarios/chosen";
import { visitorApi } from "./share/visitorApi";
import { Opening } from "./shell/Opening";
import { Stopped } from "./shell/Stopped";
import { Boundary } from "./ui/Boundary";
import { late } from "./ui/late";
import { applyTheme, storedTheme } from "./ui/theme";
import { App } from "./App";

const place = document.getElementById("editor");
const flow = place?.dataset["flow"];
if (!place || !flow) throw new Error('The page has no <div id="editor" data-flow="...">.');

applyTheme(storedTheme());
commentHints.unread.set(Number(place.dataset["unread"]) || 0);
const api = SHARE === null ? flowApi(flow) : visitorApi(flowApi(flow));
const Page = SHARE === null ? App : late(() => import("./share/SharedApp"));
// Only a page that came by a secure way has locks, whatever the types say.
const locks = (navigator as { locks?: LockManager }).locks;
const keeper = flowKeeper(flow, place.dataset["user"] ?? "", locks);
const editor = new Editor(api, keeper);
window.addEventListener("beforeunload", (event) => {
  const { pending, stalled } = editor.queue.get();
  if (pending > 0 && stalled && !keeper.outlives) event.preventDefault();
});
const live = new LiveStore();
const choice = choiceOf(flow);
const checks = new Checks((since) => api.validation(since, choice.id.get()));
for (const changes of [choice.id, choice.writes]) changes.subscribe(() => checks.refresh());
const session = new Session(editor, live, checks, flow);
const open = async (): Promise<void> => {
  await editor.open();
  session.start();
};

createRoot(place).render(
  <FlowProvider
    value={{
      editor,
      live,
      checks,
      runs: api,
      siblings: api.siblings,
      find: api.find,
      mappings: mappingApi(flow),
      presses: api.presses,
    }}
  >
    <Opening open={open}>
      <Boundary fallback={() => <Stopped />}>
        <Page editor={editor} />
      </Boundary>
    </Opening>
  </FlowProvider>,
);
