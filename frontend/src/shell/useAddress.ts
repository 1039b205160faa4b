import { useEffect, useState } from "react";
import { addressOf, readAddress } from "../core/address";
import type { EditorHandle } from "../core/editorTypes";

/**
 * Keeps the page's address and what is looked at the same: a reload stays in the group, the browser's own Back leaves it, and a
 * link leads to a node. A link to something that is gone says so, and shows the flow.
 */
export function useAddress(editor: EditorHandle): void {
  // Before anything is drawn: nobody has to see the whole flow first.
  useState(() => follow(editor));
  useEffect(() => {
    history.replaceState(history.state, "", addressOf(location.href, editor.within.get()));
    const write = (): void => {
      const address = addressOf(location.href, editor.within.get());
      if (address !== location.href) history.pushState(null, "", address);
    };
    const onMove = (): void => editor.enter(readAddress(location.href).group);
    const stop = editor.within.subscribe(write);
    window.addEventListener("popstate", onMove);
    return () => {
      stop();
      window.removeEventListener("popstate", onMove);
    };
  }, [editor]);
}

function follow(editor: EditorHandle): void {
  const { group, node } = readAddress(location.href);
  const { nodes, groups } = editor.whole;
  if (node !== null && nodes.has(node)) editor.reveal(node);
  else if (group !== null && groups.has(group)) editor.enter(group);
  const gone =
    node !== null && !nodes.has(node) ? "node" : group !== null && !groups.has(group) ? "group" : null;
  if (gone === null) return;
  editor.notify(
    { code: "link_gone", message: `The ${gone} that the link leads to is not in this flow any more.` },
    "info",
  );
}
