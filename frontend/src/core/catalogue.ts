import type { Catalogue, Component } from "./types";

export const EMPTY_CATALOGUE: Catalogue = { modules: [], components: [] };

const indexes = new WeakMap<Catalogue, Map<string, Component>>();

/** Looks a component up in constant time; the index is built once per fetched catalogue. */
export function findComponent(catalogue: Catalogue, module: string, name: string): Component | undefined {
  let index = indexes.get(catalogue);
  if (!index) {
    index = new Map(
      catalogue.components.map((component) => [key(component.module, component.name), component]),
    );
    indexes.set(catalogue, index);
  }
  return index.get(key(module, name));
}

/** False when the catalogue knows that the module's host is away. */
export function isModuleAvailable(catalogue: Catalogue, module: string): boolean {
  return catalogue.modules.find(({ name }) => name === module)?.available ?? true;
}

function key(module: string, name: string): string {
  return `${module}/${name}`;
}
