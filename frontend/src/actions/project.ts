import type { Action } from "./types";

const page = (id: string, title: string, path: string): Action => ({
  id,
  title,
  group: "Flow",
  run: ({ editor }) => {
    location.assign(`/projects/${editor.flow.get().project.id}/${path}/`);
  },
});

/** The pages of the project that say what its flows may do. */
export const PROJECT: readonly Action[] = [
  page("project.outbound", "Open what the project's flows may call", "outbound"),
  page("project.secrets", "Open the project's secrets", "secrets"),
];
