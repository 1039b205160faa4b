import { createContext, useContext } from "react";

/** A secret of the project by name; its value is never told to a browser. */
export interface NamedSecret {
  /** Absent where it was not made here: with kubectl, or not at all. */
  readonly id?: string;
  readonly name: string;
  readonly key: string;
  readonly reference: string;
  readonly use_count: number;
}

/** What a form's secret fields need of the project. What it rejects with says what to do. */
export interface ProjectSecrets {
  list(): Promise<readonly NamedSecret[]>;
  add(name: string, key: string, value: string): Promise<NamedSecret>;
  replace(id: string, value: string): Promise<NamedSecret>;
  /** Name for a secret of this form, before it is made different from others. */
  readonly suggested: string;
  /** The page that lists them. */
  readonly page: string;
}

const Context = createContext<ProjectSecrets | null>(null);
export const SecretsProvider = Context.Provider;

/** Null where a form belongs to no project: there a secret can be named, but not made. */
export function useSecrets(): ProjectSecrets | null {
  return useContext(Context);
}
