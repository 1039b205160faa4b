import { useState } from "react";
import { newUuid } from "../core/ids";
import { Drawer } from "../drawer/Drawer";
import { useOpenFlow } from "../live/context";
import { useReadable } from "../live/hooks";
import { shownPast } from "../live/past";
import { Icon } from "../ui/Icon";
import { walkRows } from "../ui/walkRows";
import { EntryRow } from "./EntryRow";
import { NameForm } from "./NameForm";
import { NothingYet } from "./NothingYet";
import { entriesOf, useVersions, type Entry } from "./useVersions";
import { VersionDetail } from "./VersionDetail";
import "./versions.css";

/** What the flow was: named versions and points between them. Look, compare, restore. */
export function VersionsPanel({ onClose }: { onClose: () => void }) {
  const here = useOpenFlow();
  const present = useReadable(shownPast)?.present ?? here;
  const { edit } = useReadable(present.editor.can);
  const { api, listed, failure, reload, older } = useVersions(present);
  const [chosen, setChosen] = useState<string | null>(null);
  const [naming, setNaming] = useState<Entry | "now" | null>(null);
  const entries = listed ? entriesOf(listed) : [];
  const entry = entries.find(({ ref }) => ref === chosen) ?? null;
  const tell = (error: unknown): void => {
    const message = error instanceof Error ? error.message : "That did not work.";
    present.editor.notify({ code: `version ${newUuid()}`, message });
  };
  const name = async (title: string, note: string): Promise<void> => {
    const at = naming !== "now" && naming?.point ? { rev: naming.point.rev } : {};
    const version = await api.create({ id: newUuid(), name: title, note, ...at });
    setNaming(null);
    await reload();
    setChosen(version.id);
  };
  return (
    <Drawer
      name="Versions"
      onClose={onClose}
      tools={
        <>
          {edit && (
            <button type="button" className="btn btn--plain btn--s" onClick={() => setNaming("now")}>
              <Icon name="pin" size="s" />
              Name the flow as it is
            </button>
          )}
          <span className="small clip grow" role="status">
            {failure !== "" && <span className="versions__failure">{failure}</span>}
          </span>
        </>
      }
    >
      <div className="versions">
        <ul className="versions__list" aria-label="States of the flow" onKeyDown={walkRows}>
          {entries.map((one) => (
            <EntryRow
              key={one.ref}
              entry={one}
              chosen={one.ref === chosen}
              onChoose={() => {
                setNaming(null);
                setChosen(one.ref);
              }}
            />
          ))}
          {listed?.more && (
            <li>
              <button type="button" className="versions__row" onClick={() => void older().catch(tell)}>
                Show older ones
              </button>
            </li>
          )}
          {!listed && failure === "" && <li className="muted small versions__none">Loading …</li>}
          {listed && entries.length === 0 && <li className="muted small versions__none">Nothing yet.</li>}
        </ul>
        {naming !== null ? (
          <NameForm
            key={naming === "now" ? "now" : naming.ref}
            now={naming === "now"}
            onName={name}
            onCancel={() => setNaming(null)}
          />
        ) : entry ? (
          <VersionDetail
            key={entry.ref}
            entry={entry}
            others={entries}
            present={present}
            api={api}
            onName={() => setNaming(entry)}
            onChanged={reload}
            onProblem={tell}
          />
        ) : (
          <NothingYet />
        )}
      </div>
    </Drawer>
  );
}
