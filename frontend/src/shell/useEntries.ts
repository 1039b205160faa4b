import { useEffect, useMemo, useState } from "react";
import { useActionContext } from "../actions/context";
import { ACTIONS } from "../actions/registry";
import { isPossible, titleNow } from "../actions/types";
import type { FlowName } from "../core/api";
import { isModuleAvailable } from "../core/catalogue";
import { useOpenFlow } from "../live/context";
import { useCan, useCatalogue, useFlow, useGraph } from "../live/hooks";
import type { Entry } from "./findEntries";

/** All that can be chosen now: actions that are possible, nodes, components to add, other flows of the project. */
export function useEntries(): readonly Entry[] {
  const context = useActionContext();
  const graph = useGraph();
  const catalogue = useCatalogue();
  const { edit } = useCan();
  const { id, project } = useFlow();
  const flows = useSiblings();
  return useMemo(() => {
    const { editor } = context;
    const actions = ACTIONS.filter(
      (action) => action.id !== "help.commands" && isPossible(action, context),
    ).map((action): Entry => ({
      key: action.id,
      kind: action.group,
      name: titleNow(action, context),
      shortcut: action.keys?.[0],
      run: () => action.run(context),
    }));
    const nodes = Array.from(graph.nodes.values(), (node): Entry => ({
      key: node.id,
      kind: "Node",
      name: node.label || node.component,
      run: () => editor.reveal(node.id),
    }));
    const addable = edit ? catalogue.components : [];
    const components = addable
      .filter(({ module }) => isModuleAvailable(catalogue, module))
      .map(({ module, name, title }): Entry => ({
        key: `${module}/${name}`,
        kind: "Add",
        name: title,
        run: () => void editor.add({ module, component: name }),
      }));
    const others = flows
      .filter((flow) => flow.id !== id)
      .map((flow): Entry => ({
        key: flow.id,
        kind: "Flow",
        name: flow.name,
        run: () => location.assign(`/projects/${project.id}/flows/${flow.id}/`),
      }));
    return [...actions, ...nodes, ...components, ...others];
  }, [context, graph, catalogue, edit, id, project, flows]);
}

const NONE: readonly FlowName[] = [];

/** Asked anew each time the palette opens; where the server does not answer, the rest is still there. */
function useSiblings(): readonly FlowName[] {
  const { siblings } = useOpenFlow();
  const [flows, setFlows] = useState(NONE);
  useEffect(() => {
    let here = true;
    siblings?.().then(
      (found) => here && setFlows(found),
      () => undefined,
    );
    return () => {
      here = false;
    };
  }, [siblings]);
  return flows;
}
