import { useMemo, type ReactNode } from "react";

import { SecretsProvider } from "../../forms/secrets/secretsContext";
import { useOpenFlow } from "../../live/context";
import { useReadable } from "../../live/hooks";
import { projectSecrets } from "./secretsApi";

/** Lets the secret fields of a form make secrets of the flow's project; `suggested` is what they are called at first. */
export function FormSecrets({ suggested, children }: { suggested: string; children: ReactNode }) {
  const { editor } = useOpenFlow();
  const project = useReadable(editor.flow).project.id;
  const secrets = useMemo(() => (project ? projectSecrets(project, suggested) : null), [project, suggested]);
  return <SecretsProvider value={secrets}>{children}</SecretsProvider>;
}
