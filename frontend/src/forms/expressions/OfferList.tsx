import { useEffect, useLayoutEffect, useRef } from "react";

import type { Offer } from "./types";

/** About what a full list takes; px. */
const ROOM = 260;

interface OfferListProps {
  id: string;
  label: string;
  offers: readonly Offer[];
  active: number;
  onTake: (offer: Offer) => void;
}

/** What could be written next, and below it what the chosen one does. The focus stays in the field. */
export function OfferList({ id, label, offers, active, onTake }: OfferListProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView?.({ block: "nearest" });
  }, [active]);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => place(box.current), []);
  const told = offers[Math.max(active, 0)];
  return (
    <div ref={box} className="suggestions">
      <ul ref={list} id={id} role="listbox" aria-label={label}>
        {offers.map((offer, index) => (
          <li
            key={`${offer.kind} ${offer.label}`}
            id={`${id}:${index}`}
            role="option"
            aria-selected={index === active}
            // Before the blur that a click brings: the list would be gone.
            onPointerDown={(event) => {
              event.preventDefault();
              onTake(offer);
            }}
          >
            <code className="clip">{offer.label}</code>
            <span className="muted clip">{offer.doc}</span>
            <span className="suggestions__type clip">
              {offer.kind === "field" ? offer.detail : offer.kind}
            </span>
          </li>
        ))}
      </ul>
      {told && (told.kind === "function" || told.doc.length > 24) && (
        <p className="suggestions__doc" aria-hidden="true">
          {told.kind === "function" && <code>{told.detail}</code>}
          {told.doc}
        </p>
      )}
    </div>
  );
}

/** Above the field, where what scrolls around it has more room there; and in view. */
function place(box: HTMLElement | null): void {
  const field = box?.parentElement;
  if (!box || !field) return;
  let around = field.parentElement;
  while (around && !/auto|scroll/.test(getComputedStyle(around).overflowY)) around = around.parentElement;
  const outer = around?.getBoundingClientRect() ?? { top: 0, bottom: window.innerHeight };
  const { top, bottom } = field.getBoundingClientRect();
  const below = Math.min(outer.bottom, window.innerHeight) - bottom;
  box.classList.toggle("suggestions--above", below < ROOM && top - outer.top > below);
  box.scrollIntoView?.({ block: "nearest" });
}
