import { useEffect, useRef } from "react";
import { count } from "../core/format";
import { plainWords } from "../core/plainWords";
import { Drawer } from "../drawer/Drawer";
import { useEditor, useGraph, useIsStale } from "../live/hooks";
import { Icon } from "../ui/Icon";
import type { TroubleKind } from "./findProblems";
import { goTo } from "./goTo";
import "./problems.css";
import { useProblems } from "./useProblems";
import { walkRows } from "../ui/walkRows";

const KINDS: Record<TroubleKind, string> = {
  running: "Error",
  push: "Not on the cluster",
  mapping: "Mapping",
};

/** Everything that is wrong in the flow, in view or not; a row flies to its node, wire or field. */
export function ProblemsPanel({ onClose }: { onClose: () => void }) {
  const editor = useEditor();
  const graph = useGraph();
  const { troubles, total } = useProblems();
  const list = useRef<HTMLUListElement>(null);
  const calm = useIsStale() ? "Not known while the connection is lost" : "Nothing is wrong";
  useKeptFocus(list, troubles);
  return (
    <Drawer
      name="Problems"
      onClose={onClose}
      tools={
        <p className="small muted" role="status">
          {total === 0 ? calm : count(total, "problem")}
          {total > troubles.length && `, the first ${String(troubles.length)} are listed`}
        </p>
      }
    >
      <div className="drawer__body">
        {troubles.length === 0 ? (
          <div className="drawer__empty">
            <Icon name="check" size="l" />
            <p className="strong">{calm}</p>
            <p className="small">
              Errors of nodes and wires, mappings that do not fit and what could not be deployed are listed
              here.
            </p>
          </div>
        ) : (
          <ul ref={list} className="problems" aria-label="Problems of the flow" onKeyDown={walkRows}>
            {troubles.map((trouble) => (
              <li key={trouble.key}>
                <button
                  type="button"
                  className="problems__row is-error"
                  onClick={() => goTo(editor, trouble)}
                >
                  <i className="mark" aria-hidden="true" />
                  <span className="strong clip">{trouble.name}</span>
                  <span className="problems__kind">{KINDS[trouble.kind]}</span>
                  <span className="problems__message">
                    {trouble.field !== undefined && trouble.field !== "" && (
                      <code>{trouble.field.slice(1)}</code>
                    )}
                    {plainWords(trouble.message, graph)}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Drawer>
  );
}

/** A row that goes while it has the focus must not drop the person out of the list. */
function useKeptFocus(list: React.RefObject<HTMLUListElement | null>, rows: readonly unknown[]): void {
  const at = useRef(-1);
  useEffect(() => {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>("button") ?? [])];
    if (at.current >= 0 && (document.activeElement === document.body || !document.activeElement)) {
      buttons[Math.min(at.current, buttons.length - 1)]?.focus();
    }
    const note = (): void => {
      at.current = buttons.indexOf(document.activeElement as HTMLElement);
    };
    note();
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, [list, rows]);
}
