import { useEffect, useId, useMemo, useRef, useState } from "react";
import { Icon } from "../ui/Icon";
import { initials, namesOf, type Person } from "./people";
import { useArrivals } from "./useArrivals";
import "./presence.css";

const MOST = 4;

interface AvatarsProps {
  people: readonly Person[];
  /** What somebody does, in words; empty: nothing to tell. */
  doing: (person: Person) => string;
  /** Goes to where somebody is; absent where there is no place to go to. */
  onGo?: (person: Person) => void;
  /** Whom this person follows, by key. */
  following?: string | null;
}

/** Who else is here: a few as circles, all of them in a list that a press opens. */
export function Avatars({ people, doing, onGo, following = null }: AvatarsProps) {
  const others = useMemo(() => people.filter(({ isMe }) => !isMe), [people]);
  const [open, setOpen] = useState(false);
  const around = useRef<HTMLDivElement>(null);
  const more = useRef<HTMLButtonElement>(null);
  const said = useArrivals(others);
  const id = useId();
  useClosing(open, around, () => setOpen(false));
  const shown = others.slice(0, others.length > MOST + 1 ? MOST : MOST + 1);
  const rest = others.length - shown.length;
  const close = (): void => {
    setOpen(false);
    more.current?.focus();
  };
  return (
    <div
      ref={around}
      className="people"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        close();
      }}
    >
      <ul className="avatars" aria-label="Others who are here">
        {shown.map((person) => (
          <li key={person.key}>
            <Avatar person={person} doing={doing(person)} onGo={onGo} isFollowed={following === person.key} />
          </li>
        ))}
      </ul>
      <button
        ref={more}
        type="button"
        className="people__all"
        aria-expanded={open}
        aria-controls={id}
        aria-label={`Everybody who is here: ${String(people.length)}`}
        title={namesOf(
          others.map(({ name }) => name),
          6,
        )}
        onClick={() => setOpen(!open)}
      >
        <span className="people__rest">{rest > 0 ? `+${String(rest)}` : <Icon name="down" size="s" />}</span>
        <span className="people__count">{people.length}</span>
      </button>
      <div id={id} className="people__list" hidden={!open}>
        {open && (
          <ul aria-label="Everybody who is here">
            {people.map((person) => (
              <PersonRow
                key={person.key}
                person={person}
                doing={doing(person)}
                onGo={
                  onGo &&
                  ((one) => {
                    close();
                    onGo(one);
                  })
                }
              />
            ))}
          </ul>
        )}
      </div>
      <p className="unseen" role="status">
        {said}
      </p>
    </div>
  );
}

interface OneProps {
  person: Person;
  doing: string;
  onGo: ((person: Person) => void) | undefined;
}

function Avatar({ person, doing, onGo, isFollowed }: OneProps & { isFollowed: boolean }) {
  const classes = ["avatar", `is-who-${String(person.colour)}`];
  if (person.away) classes.push("avatar--away");
  if (isFollowed) classes.push("avatar--followed");
  const words = [person.name, doing].filter(Boolean).join(", ");
  if (!onGo) {
    return (
      <span
        className={classes.join(" ")}
        data-initials={initials(person.name)}
        role="img"
        aria-label={words}
        title={words}
      />
    );
  }
  return (
    <button
      type="button"
      className={classes.join(" ")}
      data-initials={initials(person.name)}
      aria-pressed={isFollowed}
      aria-label={`Follow ${words}`}
      title={`${words}. Follow`}
      onClick={() => onGo(person)}
    />
  );
}

function PersonRow({ person, doing, onGo }: OneProps) {
  const face = (
    <>
      <span
        className={`avatar is-who-${String(person.colour)} ${person.away ? "avatar--away" : ""}`}
        data-initials={initials(person.name)}
      />
      <span className="grow clip">{person.isMe ? `${person.name} (you)` : person.name}</span>
      <span className="muted small clip">{person.isMe ? "" : doing}</span>
    </>
  );
  return (
    <li>
      {onGo && !person.isMe ? (
        <button type="button" className="people__row" onClick={() => onGo(person)}>
          {face}
        </button>
      ) : (
        <span className="people__row">{face}</span>
      )}
    </li>
  );
}

/** A press or the focus elsewhere closes what is open. */
function useClosing(
  open: boolean,
  around: { readonly current: HTMLElement | null },
  close: () => void,
): void {
  const latest = useRef(close);
  useEffect(() => {
    latest.current = close;
  });
  useEffect(() => {
    if (!open) return;
    const onEvent = (event: Event): void => {
      if (event.target instanceof Node && !around.current?.contains(event.target)) latest.current();
    };
    document.addEventListener("pointerdown", onEvent);
    document.addEventListener("focusin", onEvent);
    return () => {
      document.removeEventListener("pointerdown", onEvent);
      document.removeEventListener("focusin", onEvent);
    };
  }, [open, around]);
}
