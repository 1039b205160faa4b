import { useId, type KeyboardEvent, type ReactNode } from "react";

interface TabsProps<T extends string> {
  tabs: readonly T[];
  open: T;
  onOpen: (tab: T) => void;
  /** The open tab's content. */
  children: ReactNode;
}

/** The inspector's tabs; arrow keys go from one to the next. */
export function Tabs<T extends string>({ tabs, open, onOpen, children }: TabsProps<T>) {
  const id = useId();
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const index = (tabs.indexOf(open) + by + tabs.length) % tabs.length;
    const next = tabs[index];
    if (next === undefined) return;
    onOpen(next);
    event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")[index]?.focus();
  };
  return (
    <>
      <div className="tabs" role="tablist" onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`${id}:${tab}`}
            aria-selected={tab === open}
            aria-controls={`${id}:panel`}
            tabIndex={tab === open ? 0 : -1}
            onClick={() => onOpen(tab)}
          >
            {tab}
          </button>
        ))}
      </div>
      <div className="inspector__body" role="tabpanel" id={`${id}:panel`} aria-labelledby={`${id}:${open}`}>
        {children}
      </div>
    </>
  );
}
