import { useEffect, useMemo } from "react";
import { count } from "../core/format";
import { newUuid } from "../core/ids";
import { Drawer } from "../drawer/Drawer";
import { useCan, useEditor, useFlow, useReadable } from "../live/hooks";
import { Icon } from "../ui/Icon";
import { walkRows } from "../ui/walkRows";
import { freeName } from "./capture";
import { openedScenario } from "./opened";
import { ScenarioDetail } from "./ScenarioDetail";
import "./scenarios.css";
import { scenariosOf } from "./store";
import type { Scenario } from "./types";

/** The flow's sample messages under their names: kept from runs or made up, edited field by field, chosen for checks. */
export function ScenariosPanel({ onClose }: { onClose: () => void }) {
  const editor = useEditor();
  const can = useCan();
  const flow = useFlow().id;
  const store = useMemo(() => scenariosOf(flow), [flow]);
  const { scenarios, loaded, failure } = useReadable(store.listed);
  const chosen = useReadable(store.chosen);
  const opened = useReadable(openedScenario);
  useEffect(() => {
    const read = () => void store.load();
    read();
    // Colleagues keep scenarios too: who comes back to the page sees theirs.
    window.addEventListener("focus", read);
    return () => window.removeEventListener("focus", read);
  }, [store]);
  const shown = scenarios.find(({ id }) => id === opened) ?? null;
  const tell = (error: unknown, action?: { label: string; run: () => void }): void => {
    const message = error instanceof Error ? error.message : "The scenario could not be kept.";
    editor.notify({ code: `scenario ${newUuid()}`, message }, "error", action);
  };
  const add = async (): Promise<void> => {
    const name = freeName(
      "New scenario",
      scenarios.map((one) => one.name),
    );
    openedScenario.set((await store.create(name, [])).id);
  };
  const remove = async (scenario: Scenario): Promise<void> => {
    await store.remove(scenario.id);
    const bringBack = () => void store.create(scenario.name, scenario.ports).catch(tell);
    editor.notify({ code: "scenario", message: `${scenario.name} was deleted.` }, "info", {
      label: "Undo",
      run: bringBack,
    });
  };
  return (
    <Drawer
      name="Scenarios"
      onClose={onClose}
      tools={
        <>
          {can.edit && (
            <button type="button" className="btn btn--plain btn--s" onClick={() => void add().catch(tell)}>
              <Icon name="plus" size="s" />
              New scenario
            </button>
          )}
          <span className="small clip grow" role="status">
            {failure !== "" && <span className="scenarios__failure">{failure}</span>}
            {failure === "" && (
              <span className="muted">
                {chosen === null
                  ? "The flow is checked with made-up messages."
                  : "The flow is checked with the chosen scenario, for you alone."}
              </span>
            )}
          </span>
        </>
      }
    >
      <div className="scenarios">
        <ul className="scenarios__list" aria-label="Scenarios" onKeyDown={walkRows}>
          {scenarios.map((scenario) => (
            <li key={scenario.id}>
              <button
                type="button"
                className="scenarios__row"
                aria-pressed={scenario.id === opened}
                onClick={() => openedScenario.set(scenario.id)}
              >
                <span className="grow clip">{scenario.name}</span>
                {scenario.id === chosen && <span className="chip">In use</span>}
                <span className="muted num small">{scenario.ports.length}</span>
                <span className="unseen">{count(scenario.ports.length, "message")}</span>
              </button>
            </li>
          ))}
          {loaded && scenarios.length === 0 && (
            <li className="muted small scenarios__none">No scenario is kept yet.</li>
          )}
          {!loaded && <li className="muted small scenarios__none">Loading …</li>}
        </ul>
        {shown ? (
          <ScenarioDetail
            key={shown.id}
            store={store}
            scenario={shown}
            chosen={shown.id === chosen}
            onDelete={() => void remove(shown).catch(tell)}
            onProblem={tell}
          />
        ) : (
          <div className="drawer__empty">
            <Icon name="flask" size="l" />
            <p className="strong">Sample messages for this flow</p>
            <p className="small">
              Keep a real one from Runs or Debug with “Keep as scenario”, or begin with a new one. Mappings
              are previewed with the chosen scenario and checked against it.
            </p>
          </div>
        )}
      </div>
    </Drawer>
  );
}
