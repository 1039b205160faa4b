import { useState } from "react";
import { Drawer } from "../drawer/Drawer";
import { since } from "../comments/since";
import { exactly } from "../inspector/control/ago";
import { useEditor, useFlow } from "../live/hooks";
import { Icon } from "../ui/Icon";
import type { Piece, Sentence } from "./activityApi";
import "./activity.css";
import { useActivity } from "./useActivity";

/** What people did in this flow, or in the whole project; names lead to the place. */
export function ActivityPanel({ onClose }: { onClose: () => void }) {
  const { id, project } = useFlow();
  const [all, setAll] = useState(false);
  return (
    <Drawer
      name="Activity"
      onClose={onClose}
      tools={
        <>
          <span className="segments" role="group" aria-label="Activity of">
            <button type="button" aria-pressed={!all} onClick={() => setAll(false)}>
              This flow
            </button>
            <button type="button" aria-pressed={all} onClick={() => setAll(true)}>
              Whole project
            </button>
          </span>
          <a className="btn btn--plain btn--s" href={`/projects/${project.id}/activity/`}>
            As a page
          </a>
        </>
      }
    >
      <Sentences key={String(all)} project={project.id} flow={all ? null : id} />
    </Drawer>
  );
}

function Sentences({ project, flow }: { project: string; flow: string | null }) {
  const { sentences, older, failure, loaded, more } = useActivity(project, flow);
  const failed = failure !== "" && (
    <p className="told__failure small" role="status">
      {failure}
    </p>
  );
  if (sentences.length === 0) {
    return (
      <div className="drawer__empty">
        <Icon name="clock" size="l" />
        {failed || <p className="strong">{loaded ? "Nothing has happened here yet" : "Loading …"}</p>}
      </div>
    );
  }
  return (
    <>
      {failed}
      <ol className="told" aria-label="Activity, newest first">
        {sentences.map((sentence, index) => (
          <Row key={`${sentence.at} ${String(index)}`} sentence={sentence} />
        ))}
        {older !== null && (
          <li className="told__more">
            <button type="button" className="btn btn--plain btn--s" onClick={more}>
              Older
            </button>
          </li>
        )}
      </ol>
    </>
  );
}

function Row({ sentence }: { sentence: Sentence }) {
  const { who, pieces, at, count, taken_back: back } = sentence;
  return (
    <li className={back ? "told__row told__row--back" : "told__row"}>
      <span className="told__initial" aria-hidden="true">
        {who.slice(0, 1).toUpperCase()}
      </span>
      <p className="grow">
        <b>{who}</b>{" "}
        {pieces.map((piece, index) => (
          <Said key={index} piece={piece} />
        ))}
        {back && <span className="muted"> (taken back)</span>}
      </p>
      <time className="muted small num" dateTime={at} title={exactly(at)}>
        {since(at)}
        {count > 1 && ` · ${String(count)} changes`}
      </time>
    </li>
  );
}

/** A name of something in this flow shows it; one of elsewhere is a link. */
function Said({ piece: { text, strong, url } }: { piece: Piece }) {
  const editor = useEditor();
  const { id, project } = useFlow();
  if (url === "") return strong ? <b>{text}</b> : <>{text}</>;
  const here = `/projects/${project.id}/flows/${id}/`;
  const node = url.startsWith(here) ? new URL(url, location.origin).searchParams.get("node") : null;
  if (url === here) return <b>{text}</b>;
  if (node === null || !editor.graph.nodes.has(node)) return <a href={url}>{text}</a>;
  return (
    <button type="button" className="told__place" title="Go there" onClick={() => editor.reveal(node)}>
      {text}
    </button>
  );
}
