import { useId, useRef, useState, type ClipboardEvent, type KeyboardEvent } from "react";

import type { ControlProps } from "../FormContext";
import { useForm } from "../FormContext";
import type { Resolved } from "../schema/types";
import { freeName, isReferring, referenceIn, type SecretName } from "../secrets/names";
import { KeepSecret } from "../secrets/KeepSecret";
import { useSecrets } from "../secrets/secretsContext";
import { SecretTools } from "../secrets/SecretTools";
import { useKnown } from "../secrets/useKnown";
import "../secrets/secrets.css";
import { useTextDraft, type Reading } from "../useTextDraft";
import { useValueDraft } from "../useValueDraft";
import { textReading } from "./readings";

function reading(schema: Resolved): Reading {
  const { format, parse } = textReading(schema);
  return {
    format,
    parse: (text) => {
      if (text === "" || referenceIn(text)) return parse(text.trim());
      return { error: "A secret itself is never kept in a flow. Name it: [[secret:name/key]]" };
    },
  };
}

/**
 * The name of a secret. A value that is typed or pasted here stays in this component until it leaves for the cluster: drafts are
 * kept and sent elsewhere, so it must not be one.
 */
export default function SecretControl(props: ControlProps) {
  const { id, path, field, value, describedBy, invalid, disabled } = props;
  const secrets = useSecrets();
  const { expressions } = useForm();
  const draft = useTextDraft(path, value, reading(field.schema));
  const { change } = useValueDraft(path, value);
  const { known, again } = useKnown(disabled ? null : secrets);
  const [typed, setTyped] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const keepId = useId();
  const named = referenceIn(draft.text);
  const fill = typed !== null && named !== null;
  const shown = typed ?? draft.text;
  const isSecret = typed !== null || !isReferring(draft.text, expressions !== null);
  const suggestion = named ?? freeName(secrets?.suggested ?? "", path, known ?? []);

  const end = () => {
    setTyped(null);
    setTrouble("");
  };
  const type = (text: string) => {
    if (secrets && (fill || !isReferring(text, expressions !== null))) {
      setTyped(text);
      return;
    }
    end();
    draft.onChange(text);
  };
  /** A key of several lines stays whole, though a password's field shows none; the line break behind a copied word goes. */
  const paste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData("text").replace(/\r\n/g, "\n");
    if (!secrets || !text.includes("\n")) return;
    event.preventDefault();
    const one = text.replace(/\n+$/, "");
    type(one.includes("\n") ? text : one);
  };
  const keep = async (name: SecretName) => {
    if (!secrets || !typed || busy) return;
    setBusy(true);
    setTrouble("");
    const here = known?.find((one) => one.name === name.name && one.key === name.key && one.id);
    try {
      const kept =
        named && here?.id
          ? await secrets.replace(here.id, typed)
          : await secrets.add(name.name, name.key, typed);
      end();
      again();
      if (!named) change(kept.reference);
      input.current?.focus();
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (typed === null) draft.onKeyDown(event);
    else if (event.key === "Escape") {
      event.stopPropagation();
      end();
    } else if (event.key === "Enter") {
      event.preventDefault();
      void keep(suggestion);
    }
  };

  return (
    <div className="secret">
      <div
        className={`input input--secret ${invalid ? "input--error" : ""} ${disabled ? "input--readonly" : ""}`}
      >
        <input
          ref={input}
          id={id}
          type={isSecret ? "password" : "text"}
          placeholder={fill ? "The new value" : secrets ? "Type or paste the secret" : "[[secret:name/key]]"}
          value={shown}
          readOnly={disabled || busy}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={
            [describedBy, typed !== null && `${keepId}:keep`].filter(Boolean).join(" ") || undefined
          }
          aria-invalid={invalid || trouble !== ""}
          aria-required={field.required}
          onChange={(event) => type(event.target.value)}
          onBlur={() => typed === null && draft.onBlur()}
          onKeyDown={onKeyDown}
          onPaste={paste}
        />
      </div>
      {secrets && !disabled && typed !== null && (
        <KeepSecret
          id={keepId}
          label={field.label}
          name={suggestion}
          fixed={named !== null}
          lines={typed.split("\n").length}
          short={typed.trim().length < 6}
          busy={busy}
          trouble={trouble}
          keep={(name) => void keep(name)}
          cancel={end}
        />
      )}
      {secrets && !disabled && typed === null && known && (
        <SecretTools
          label={field.label}
          named={named}
          known={known}
          page={secrets.page}
          choose={change}
          replace={() => {
            setTyped("");
            input.current?.focus();
          }}
          remove={() => change(field.schema.nullable ? null : "")}
        />
      )}
    </div>
  );
}
