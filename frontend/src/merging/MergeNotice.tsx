import { useEffect } from "react";

import type { Editor } from "../core/editor";
import { useCan, useReadable } from "../live/hooks";
import "./merging.css";
import { Overwrites } from "./overwrites";
import { answers, atFields, elsewhere, met, type Met } from "./store";
import { sayValue } from "./words";

interface MergeNoticeProps {
  editor: Editor;
  /** Who looks at this page. */
  me: string;
}

/** All that others have written over this person's, as far as no open field says so itself: one notice, however much. */
export default function MergeNotice({ editor, me }: MergeNoticeProps) {
  useEffect(() => editor.watchedBy(new Overwrites(editor, me)), [editor, me]);
  const all = useReadable(met);
  useReadable(atFields);
  const answer = useReadable(answers);
  const { edit } = useCan();
  const told = elsewhere(all);
  const [first] = told;
  if (!first) return null;
  const keys = told.map(({ key }) => key);
  const shown = told.find(({ node, edge }) => node !== undefined || edge !== undefined);
  const deleted = told.every(({ kind }) => kind === "deleted");
  return (
    <div className="toast is-warning merged" role="group" aria-label="Changed by others">
      <i className="mark" />
      <div className="merged__said grow">
        {told.length === 1 ? <p>{sentence(first)}</p> : <Gathered told={told} />}
      </div>
      {edit && (
        <button type="button" className="btn btn--s" onClick={() => answer?.takeBack(keys)}>
          {deleted ? "Bring it back" : "Take it back"}
        </button>
      )}
      <button type="button" className="btn btn--s" onClick={() => answer?.keepTheirs(keys)}>
        {deleted ? "Leave it" : "Keep theirs"}
      </button>
      {shown && (
        <button
          type="button"
          className="btn btn--plain btn--s"
          onClick={() => editor.reveal(shown.node ?? shown.edge ?? "")}
        >
          Show
        </button>
      )}
    </div>
  );
}

function Gathered({ told }: { told: readonly Met[] }) {
  return (
    <details>
      <summary>{`${names(told)} changed ${String(told.length)} things after you did`}</summary>
      <ul>
        {told.map((one) => (
          <li key={one.key}>{sentence(one)}</li>
        ))}
      </ul>
    </details>
  );
}

function sentence(one: Met): string {
  if (one.kind === "deleted") return `${one.by} deleted ${one.what}, which you had just worked on.`;
  const [to, from] = [sayValue(one.theirs), sayValue(one.mine)];
  return `${one.what}: ${one.by} changed it to ${to} after you set it to ${from}.`;
}

function names(told: readonly Met[]): string {
  const all = [...new Set(told.map(({ by }) => by))];
  if (all.length > 3) return `${String(all.length)} people`;
  return all.length === 1 ? (all[0] ?? "") : `${all.slice(0, -1).join(", ")} and ${all.at(-1) ?? ""}`;
}
