interface NamesProps {
  id: string;
  names: readonly string[];
  /** The one that Enter takes. */
  chosen: number;
  onTake: (name: string) => void;
}

/** The names that fit what was written after an `@`; the focus stays in the text. */
export function Names({ id, names, chosen, onTake }: NamesProps) {
  return (
    <ul id={id} className="names" role="listbox" aria-label="People of the project">
      {names.map((name, index) => (
        <li
          key={name}
          id={`${id}-${String(index)}`}
          role="option"
          aria-selected={index === chosen}
          className="names__row clip"
          // A press would take the focus out of the text before the click comes.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onTake(name)}
        >
          {name}
        </li>
      ))}
    </ul>
  );
}
