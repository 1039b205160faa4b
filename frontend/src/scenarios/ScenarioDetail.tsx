import { useState } from "react";
import { testOfScenario } from "../flowtests/makeTest";
import { MakeTestButton } from "../flowtests/MakeTestButton";
import { useCan, useGraph } from "../live/hooks";
import { Icon } from "../ui/Icon";
import { NameField } from "../ui/NameField";
import { walkRows } from "../ui/walkRows";
import { AddSample } from "./AddSample";
import { SampleForm } from "./SampleForm";
import type { Scenarios } from "./store";
import type { Sample, Scenario } from "./types";

interface ScenarioDetailProps {
  store: Scenarios;
  scenario: Scenario;
  /** Whether it is what the flow is checked with here. */
  chosen: boolean;
  onDelete: () => void;
  onProblem: (error: unknown) => void;
}

/** One scenario: its name, its messages by port, and the one that is open as a form. */
export function ScenarioDetail({ store, scenario, chosen, onDelete, onProblem }: ScenarioDetailProps) {
  const can = useCan();
  const graph = useGraph();
  const [place, setPlace] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const opened = scenario.ports.find((one) => placeOf(one) === place) ?? scenario.ports[0] ?? null;
  const nameOf = ({ node }: Sample): string =>
    graph.nodes.get(node)?.label || graph.nodes.get(node)?.component || node;
  const write = (ports: readonly Sample[]): void => {
    store.edit(scenario.id, (one) => ({ ...one, ports })).catch(onProblem);
  };
  const add = (sample: Sample): void => {
    setAdding(false);
    setPlace(placeOf(sample));
    write([...scenario.ports.filter((one) => placeOf(one) !== placeOf(sample)), sample]);
  };
  return (
    <section className="scenarios__detail" aria-label={scenario.name}>
      <header className="scenarios__head">
        <NameField
          label="Name of the scenario"
          name={scenario.name}
          editable={can.edit}
          onRename={(name) => void store.edit(scenario.id, (one) => ({ ...one, name })).catch(onProblem)}
        />
        <span className="muted small clip">kept by {scenario.created_by}</span>
        <span className="grow" />
        <button
          type="button"
          className="btn btn--s"
          aria-pressed={chosen}
          title="Previews and checks take its messages instead of made-up ones, in this browser"
          onClick={() => store.choose(chosen ? null : scenario.id)}
        >
          <Icon name="check" size="s" />
          {chosen ? "Used for checks" : "Use for checks"}
        </button>
        {scenario.ports.length > 0 && (
          <MakeTestButton name={scenario.name} body={() => testOfScenario(scenario)} />
        )}
        {can.edit && (
          <button
            type="button"
            className="btn btn--plain btn--s btn--icon"
            aria-label={`Delete ${scenario.name}`}
            title="Delete"
            onClick={onDelete}
          >
            <Icon name="trash" />
          </button>
        )}
      </header>
      <div className="scenarios__samples">
        <div className="scenarios__ports">
          <ul aria-label="Messages" onKeyDown={walkRows}>
            {scenario.ports.map((sample) => (
              <li key={placeOf(sample)}>
                <button
                  type="button"
                  className="scenarios__row"
                  aria-pressed={sample === opened && !adding}
                  onClick={() => {
                    setAdding(false);
                    setPlace(placeOf(sample));
                  }}
                >
                  <span className="clip">{nameOf(sample)}</span>
                  <span className="muted clip">{sample.port}</span>
                </button>
              </li>
            ))}
          </ul>
          {scenario.ports.length === 0 && (
            <p className="muted small scenarios__none">It has no messages yet.</p>
          )}
          {can.edit && (
            <button
              type="button"
              className="btn btn--plain btn--s"
              aria-expanded={adding}
              onClick={() => setAdding(!adding)}
            >
              <Icon name="plus" size="s" />
              Add a message
            </button>
          )}
        </div>
        <div className="scenarios__form">
          {adding ? (
            <AddSample flow={store.flow} taken={scenario.ports} onAdd={add} />
          ) : opened ? (
            <SampleForm
              key={placeOf(opened)}
              store={store}
              scenario={scenario.id}
              sample={opened}
              name={nameOf(opened)}
              onDelete={() => write(scenario.ports.filter((one) => one !== opened))}
            />
          ) : (
            <p className="muted small">
              A message stands for what a port sends. Add one to preview mappings with it.
            </p>
          )}
        </div>
      </div>
    </section>
  );
}

function placeOf({ node, port }: Sample): string {
  return `${node}:${port}`;
}
