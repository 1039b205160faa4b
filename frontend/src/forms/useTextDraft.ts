/** The brain of a control in which one types: a draft while typing, sent on blur, Enter, or after a pause. */

import { useEffect, useRef, useState, type KeyboardEvent } from "react";

import { submit } from "./draft/submit";
import { useDraft, useForm } from "./FormContext";
import { equal, getAt, toPointer } from "./schema/pointer";
import type { Json, Path } from "./schema/types";

/** A pause in typing that means "try this"; milliseconds. */
const PAUSE = 300;

export type Parsed = { value: Json | undefined } | { error: string };

export interface Reading {
  /** Text of a value; undefined is an absent field. */
  format: (value: Json | undefined) => string;
  parse: (text: string) => Parsed;
  /** Multi-line text keeps Enter for itself; Ctrl+Enter sends it. */
  multiline?: boolean;
}

export interface TextDraft {
  text: string;
  onChange: (text: string) => void;
  onBlur: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

/**
 * The text a person typed stays as it was typed ("1.0" for 1) as long as it means the value, and stays with its complaint when it
 * means none. A change of the same field by someone else does not touch a draft; Escape gives the draft up.
 */
export function useTextDraft(
  path: Path,
  value: Json | undefined,
  { format, parse, multiline = false }: Reading,
): TextDraft {
  const { target } = useForm();
  const draft = useDraft(path);
  const [typed, setTyped] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const send = (text: string) => {
    clearTimeout(timer.current);
    const { drafts, key } = target;
    const parsed = parse(text);
    if ("error" in parsed) {
      drafts.write(key, {
        phase: "unreadable",
        path,
        text,
        errors: [{ pointer: toPointer(path), message: parsed.error }],
      });
    } else if (equal(parsed.value, value) && !drafts.holder(key, path)) {
      drafts.drop(key, path);
    } else {
      void submit(target, path, parsed.value, text);
    }
  };
  const flush = () => {
    const waiting = target.drafts.read(target.key, path);
    if (waiting?.phase === "typing") send(waiting.text ?? "");
  };

  // What was typed when the form goes away (another node is selected) is sent, not lost.
  const flushRef = useRef(flush);
  useEffect(() => {
    flushRef.current = flush;
  });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      flushRef.current();
    },
    [],
  );

  return {
    text: draft?.text ?? textFor(typed, value, { format, parse }),
    onChange: (text) => {
      setTyped(text);
      target.drafts.write(target.key, {
        phase: "typing",
        path,
        text,
        errors: draft?.errors ?? [],
        base: { value: getAt(target.document(), path) },
      });
      clearTimeout(timer.current);
      timer.current = setTimeout(() => flushRef.current(), PAUSE);
    },
    onBlur: () => {
      flush();
      setTyped(null);
    },
    onKeyDown: (event) => {
      if (event.key === "Escape" && draft) {
        event.stopPropagation();
        clearTimeout(timer.current);
        setTyped(null);
        target.drafts.drop(target.key, path);
      } else if (event.key === "Enter" && (!multiline || event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        flush();
      }
    },
  };
}

function textFor(typed: string | null, value: Json | undefined, { format, parse }: Reading): string {
  if (typed === null) return format(value);
  const parsed = parse(typed);
  return "value" in parsed && equal(parsed.value, value) ? typed : format(value);
}
