import { requestJson } from "../../api/http";
import type { NamedSecret, ProjectSecrets } from "../../forms/secrets/secretsContext";

interface Told {
  readonly secrets: readonly NamedSecret[];
  readonly others: readonly NamedSecret[];
}

/** The secrets of a project by the HTTP API: docs/protocols.md, section 4. */
export function projectSecrets(project: string, suggested: string): ProjectSecrets {
  const root = `/api/projects/${encodeURIComponent(project)}/secrets`;
  return {
    suggested,
    page: `/projects/${encodeURIComponent(project)}/secrets/`,
    list: async () => {
      const { secrets, others } = await requestJson<Told>(root);
      return [...secrets, ...others];
    },
    add: (name, key, value) => requestJson(root, { method: "POST", body: { name, key, value } }),
    replace: (id, value) =>
      requestJson(`${root}/${encodeURIComponent(id)}`, { method: "PUT", body: { value } }),
  };
}
