import { useEffect, useMemo } from "react";
import { newUuid } from "../core/ids";
import { Drawer } from "../drawer/Drawer";
import { useCan, useEditor, useFlow, useGraph, useReadable, useSelection } from "../live/hooks";
import { Icon } from "../ui/Icon";
import { walkRows } from "../ui/walkRows";
import "./comments.css";
import { NewThread } from "./NewThread";
import { namedPlace, selectedPlace } from "./places";
import { filtered, shown, type Filter } from "./shown";
import { commentsOf } from "./store";
import { ThreadRow } from "./ThreadRow";
import { ThreadView } from "./ThreadView";
import { useWishes } from "./useWishes";

const FILTERS: readonly (readonly [Filter, string])[] = [
  ["open", "Open"],
  ["resolved", "Resolved"],
  ["mine", "Mine"],
];
const EMPTY: Record<Filter, string> = {
  open: "Nothing is open.",
  resolved: "Nothing was resolved yet.",
  mine: "You have written nothing here, and nobody has named you.",
};

/** What people say about the flow, its nodes and its wires: the threads, and the one that is open. */
export function CommentsPanel({ onClose }: { onClose: () => void }) {
  const editor = useEditor();
  const flow = useFlow().id;
  const graph = useGraph();
  const { control: may } = useCan();
  const { nodes, edges } = useSelection();
  const store = useMemo(() => commentsOf(flow), [flow]);
  const { threads, loaded, failure } = useReadable(store.listed);
  const opened = useReadable(store.opened);
  const view = useReadable(shown);
  const { filter, place, writing } = view;
  const listed = useMemo(() => filtered(threads, view), [threads, view]);
  const target = selectedPlace(nodes, edges);
  useWishes(store, editor);
  useEffect(() => void store.load(), [store]);
  const tell = (error: unknown): void => {
    const message = error instanceof Error ? error.message : "It could not be done.";
    editor.notify({ code: `comment ${newUuid()}`, message }, "error");
  };
  const show = (id: string): void => {
    shown.set({ ...shown.get(), writing: null });
    void store.open(id);
  };
  return (
    <Drawer
      name="Comments"
      usual={320}
      onClose={onClose}
      tools={
        <>
          {may && (
            <button
              type="button"
              className="btn btn--plain btn--s clip"
              title="Start a thread about what is selected, or about the flow"
              onClick={() => shown.set({ ...view, writing: target })}
            >
              <Icon name="plus" size="s" />
              <span className="clip">
                Comment on {namedPlace(graph, target).name.replace(/^The /, "the ")}
              </span>
            </button>
          )}
          {failure !== "" && (
            <span className="small clip threads__failure" role="status">
              {failure}
            </span>
          )}
        </>
      }
    >
      <div className={opened || writing ? "comments comments--one" : "comments"}>
        <div className="threads">
          <div className="threads__filters">
            <span className="segments" role="group" aria-label="Threads">
              {FILTERS.map(([name, title]) => (
                <button
                  key={name}
                  type="button"
                  aria-pressed={filter === name}
                  onClick={() => shown.set({ ...view, filter: name })}
                >
                  {title}
                </button>
              ))}
            </span>
            {place && (
              <button
                type="button"
                className="chip threads__only clip"
                title="Show threads about anything"
                onClick={() => shown.set({ ...view, place: null })}
              >
                <span className="clip">{namedPlace(graph, place).name}</span>
                <Icon name="close" size="s" />
              </button>
            )}
          </div>
          <ul className="threads__list" aria-label="Threads" onKeyDown={walkRows}>
            {listed.map((thread) => {
              const { name, gone } = namedPlace(graph, thread, thread.label);
              return (
                <ThreadRow
                  key={thread.id}
                  thread={thread}
                  place={name}
                  gone={gone}
                  shown={thread.id === opened?.id && writing === null}
                  onShow={show}
                />
              );
            })}
            {loaded && listed.length === 0 && <li className="muted small threads__none">{EMPTY[filter]}</li>}
            {!loaded && <li className="muted small threads__none">Loading …</li>}
          </ul>
        </div>
        <div className="comments__one">
          {(opened || writing) && (
            <button
              type="button"
              className="btn btn--plain btn--s comments__back"
              onClick={() => {
                shown.set({ ...view, writing: null });
                void store.open(null);
              }}
            >
              <Icon name="left" size="s" />
              All threads
            </button>
          )}
          {writing ? (
            <NewThread
              key={writing.node ?? writing.edge ?? "flow"}
              store={store}
              place={writing}
              onDone={() => shown.set({ ...shown.get(), writing: null })}
            />
          ) : opened?.thread ? (
            <ThreadView key={opened.id} store={store} thread={opened.thread} onProblem={tell} />
          ) : opened ? (
            <div className="drawer__empty">
              <p className="small" role="status">
                {opened.thread === null ? "This thread was deleted." : opened.failure || "Loading …"}
              </p>
            </div>
          ) : (
            <div className="drawer__empty">
              <Icon name="comment" size="l" />
              <p className="strong">Talk where the work is</p>
              <p className="small">
                {may
                  ? "Select a node or a wire and comment on it; with nothing selected, on the flow. An @ names somebody, who then hears of it."
                  : "What others say about the flow, its nodes and its wires stands here."}
              </p>
            </div>
          )}
        </div>
      </div>
    </Drawer>
  );
}
