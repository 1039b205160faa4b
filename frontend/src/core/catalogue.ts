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

const offers = new WeakMap<Catalogue, readonly Component[]>();

/** What can be added: all but the components of modules that somebody ran by hand, and stopped. */
export function offeredComponents(catalogue: Catalogue): readonly Component[] {
  let offered = offers.get(catalogue);
  if (!offered) {
    const gone = new Set(
      catalogue.modules.filter(({ byHand, available }) => byHand && !available).map(({ name }) => name),
    );
    offered = gone.size
      ? catalogue.components.filter(({ module }) => !gone.has(module))
      : catalogue.components;
    offers.set(catalogue, offered);
  }
  return offered;
}

/** Somebody runs it by hand now: what it offers may change at any time. */
export function isByHand(catalogue: Catalogue, module: string): boolean {
  return catalogue.modules.find(({ name }) => name === module)?.byHand ?? false;
}

function key(module: string, name: string): string {
  return `${module}/${name}`;
}
