import { useCallback, useEffect, useMemo } from "react";
import { createPortal } from "react-dom";
import { useActionContext } from "../actions/context";
import { useReadable } from "../live/hooks";
import { Avatars } from "./Avatars";
import { doingWords } from "./doing";
import { Following } from "./following";
import { peopleOf, type Person } from "./people";
import { useTelling } from "./useTelling";

/** What a person does by themselves ends following. */
const OWN_INPUT = ["pointerdown", "wheel", "keydown"] as const;

/** The others in the bar above the flow. A press on one of them follows them, until this person does something. */
export default function InEditor() {
  const { editor, live, canvas } = useActionContext();
  const { presence } = live;
  const tabs = useReadable(presence.tabs);
  const me = useReadable(presence.me);
  const followed = useReadable(presence.following);
  const people = useMemo(() => peopleOf(tabs, me), [tabs, me]);
  useTelling();

  useEffect(() => {
    if (followed === null) return;
    const following = new Following(presence, editor, canvas.view, followed);
    const end = (): void => presence.following.set(null);
    for (const name of OWN_INPUT) document.addEventListener(name, end, { capture: true, passive: true });
    return () => {
      following.stop();
      for (const name of OWN_INPUT) document.removeEventListener(name, end, { capture: true });
    };
  }, [presence, editor, canvas, followed]);
  useEffect(() => () => presence.following.set(null), [presence]);

  const doing = useCallback((person: Person) => doingWords(person, tabs, editor.whole), [tabs, editor]);
  const onGo = useCallback(({ tabs: [tab] }: Person) => presence.following.set(tab ?? null), [presence]);
  const leader = people.find((person) => followed !== null && person.tabs.includes(followed));
  return (
    <>
      <Avatars people={people} doing={doing} onGo={onGo} following={leader?.key ?? null} />
      {leader && <FollowNote person={leader} />}
    </>
  );
}

/** Over the canvas, so that nobody wonders why it moves. */
function FollowNote({ person }: { person: Person }) {
  const stage = document.querySelector(".stage");
  if (!stage) return null;
  return createPortal(
    <div className={`following is-who-${String(person.colour)}`}>
      <p className="following__words" role="status">
        Following {person.name} until you do something
      </p>
    </div>,
    stage,
  );
}
