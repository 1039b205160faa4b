import { useMemo } from "react";

import type { LoadedNode, NodeLive, Port, Problem } from "../../core/types";
import { Form } from "../../forms/Form";
import { asSchema, type FieldError } from "../../forms/schema/types";
import { FormSecrets } from "../secrets/FormSecrets";
import { useSettingsTarget } from "./useSettingsTarget";

interface SettingsFormProps {
  node: LoadedNode;
  port: Port | undefined;
  live: NodeLive | undefined;
  readOnly: string | null;
}

/** The node's settings, as a form made from the component's schema; as JSON while the component is not known. */
export function SettingsForm({ node, port, live, readOnly }: SettingsFormProps) {
  const schema = useMemo(() => asSchema(port?.schema), [port?.schema]);
  const target = useSettingsTarget(node.id, schema);
  const problems = useMemo(() => settingsProblems(live), [live]);
  const settings = port || Object.keys(node.settings).length ? node.settings : undefined;
  return (
    <FormSecrets suggested={node.label || node.component}>
      <Form
        key={node.id}
        schema={schema}
        value={settings}
        target={target}
        readOnly={readOnly}
        problems={problems}
        live={live?.control}
        empty={port ? "This component has no settings." : undefined}
      />
    </FormSecrets>
  );
}

/** What the running node, or the push to the cluster, says about a field of the settings. */
export function settingsProblems(live: NodeLive | undefined): FieldError[] {
  return [live?.error, live?.push?.problem].filter(isAboutSettings).map(({ field, message }) => ({
    pointer: field ?? "",
    message,
  }));
}

function isAboutSettings(problem: Problem | null | undefined): problem is Problem {
  return !!problem?.field && !problem.edge && (problem.port === undefined || problem.port === "_settings");
}
