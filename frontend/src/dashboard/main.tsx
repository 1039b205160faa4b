import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "../../../static/css/tokens.css";
import "../styles/base.css";
import "../styles/controls.css";
import "../styles/shell.css";
import "../styles/overlays.css";
import "./dashboard.css";
import { createRoot } from "react-dom/client";
import { applyTheme, storedTheme } from "../ui/theme";
import { dashboardApi } from "./api";
import { Opening } from "./Opening";

const place = document.getElementById("dashboard");
const project = place?.dataset["project"];
if (!place || !project) throw new Error('The page has no <div id="dashboard" data-project="...">.');

applyTheme(storedTheme());
createRoot(place).render(
  <Opening
    api={dashboardApi(project)}
    project={{ id: project, name: place.dataset["projectName"] ?? "" }}
    page={place.dataset["page"] ?? ""}
  />,
);
