import { useEffect, useState } from "react";

import { findComponent } from "../../core/catalogue";
import { newUuid } from "../../core/ids";
import type { Component } from "../../core/types";
import { asSchema } from "../../forms/schema/types";
import { closeAround, Dialog } from "../../ui/Dialog";
import { Tile } from "../../ui/Tile";
import type { DashboardApi } from "../api";
import type { Choices, NodeChoice, Page, PageOp, Widget } from "../core/types";
import { freePlace } from "../grid/layout";
import { sizeFor } from "../widget/size";
import "./dialogs.css";
import { CloseDialog } from "./CloseDialog";

/** A search begins once one has stopped typing for so long; milliseconds. */
const STILL = 200;

interface AddWidgetProps {
  api: Pick<DashboardApi, "choices">;
  page: Page;
  widgets: readonly Widget[];
  onAdd: (op: PageOp) => void;
  onClose: () => void;
}

/** Puts a node on the page: one with a control panel, of any flow of the project. */
export function AddWidget({ api, page, widgets, onAdd, onClose }: AddWidgetProps) {
  const [search, setSearch] = useState("");
  const found = useChoices(api, search);
  const there = new Set(widgets.map(({ node }) => node));
  return (
    <Dialog title={`Add to ${page.name}`} onClose={onClose}>
      <div className="pick">
        <label className="input">
          <span className="unseen">Find a node by its name, component or flow</span>
          <input
            type="search"
            autoFocus
            maxLength={100}
            placeholder="Find a node by its name, component or flow"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </label>
        {found === null && (
          <p className="quiet" role="status">
            Looking for nodes
          </p>
        )}
        {found instanceof Error && (
          <p className="is-error" role="alert">
            {found.message}
          </p>
        )}
        {found && !(found instanceof Error) && (
          <>
            {found.nodes.length === 0 && (
              <p className="quiet" role="status">
                {search === ""
                  ? "No node of this project has a control panel: counters, tickers and signals have one."
                  : "Nothing has that in its name."}
              </p>
            )}
            <ul className="pick__list" aria-label="Nodes">
              {found.nodes.map((node) => {
                const component = findComponent({ ...found, modules: [] }, node.module, node.component);
                return (
                  <li key={node.id}>
                    <Choice
                      node={node}
                      component={component}
                      there={there.has(node.id)}
                      onChoose={(element) => {
                        onAdd(addOp(node, component, page, widgets));
                        closeAround(element);
                      }}
                    />
                  </li>
                );
              })}
            </ul>
            {found.more && <p className="small muted">There are more: search for what you mean.</p>}
          </>
        )}
        <CloseDialog />
      </div>
    </Dialog>
  );
}

interface ChoiceProps {
  node: NodeChoice;
  component: Component | undefined;
  there: boolean;
  onChoose: (element: HTMLElement) => void;
}

function Choice({ node, component, there, onChoose }: ChoiceProps) {
  return (
    <button type="button" className="pick__node" onClick={(event) => onChoose(event.currentTarget)}>
      <Tile icon={component?.icon ?? ""} category={component?.category ?? ""} />
      <span className="grow clip">{node.label || component?.title || node.component}</span>
      <span className="small muted clip">
        {there ? "on this page, in " : ""}
        {node.flow.name}
      </span>
    </button>
  );
}

/** Where there is room, as large as its panel is. */
export function addOp(
  node: NodeChoice,
  component: Component | undefined,
  page: Page,
  widgets: readonly Widget[],
): PageOp {
  const control = component?.ports.find(({ name }) => name === "_control");
  const { w, h } = sizeFor(asSchema(control?.schema));
  const place = freePlace(widgets, w, h);
  return {
    op: "add_widget",
    id: newUuid(),
    page: page.id,
    node: node.id,
    title: "",
    schema_patch: [],
    ...place,
  };
}

/** What matches; null while it is looked for. */
function useChoices(api: AddWidgetProps["api"], search: string): Choices | Error | null {
  const [found, setFound] = useState<Choices | Error | null>(null);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(
      () => {
        api.choices(search).then(
          (choices) => current && setFound(choices),
          (error: unknown) =>
            current && setFound(error instanceof Error ? error : new Error("The nodes could not be read.")),
        );
      },
      search === "" ? 0 : STILL,
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, search]);
  return found;
}
