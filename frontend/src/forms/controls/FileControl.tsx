import { useRef, useState } from "react";

import { count } from "../../core/format";
import { Icon } from "../../ui/Icon";
import type { ControlProps } from "../FormContext";
import { useValueDraft } from "../useValueDraft";

/** A flow is no place for large files; bytes before encoding. A schema's `maxLength` may ask for less. */
const MAX_BYTES = 256 * 1024;

/** A file that is kept as base64 in the field. */
export default function FileControl({
  id,
  path,
  field,
  value,
  describedBy,
  invalid,
  disabled,
}: ControlProps) {
  const draft = useValueDraft(path, value);
  const [trouble, setTrouble] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const held = typeof draft.value === "string" ? draft.value : "";
  const most = Math.min(MAX_BYTES, Math.floor(((field.schema.maxLength ?? Infinity) / 4) * 3));
  const take = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > most) {
      setTrouble(`${file.name} has ${size(file.size)}; at most ${size(most)} can be kept here`);
      return;
    }
    setTrouble("");
    draft.change(toBase64(new Uint8Array(await file.arrayBuffer())));
  };
  const clear = () => {
    if (input.current) input.current.value = "";
    draft.change(field.schema.nullable ? null : "");
  };
  return (
    <div className="file">
      {!disabled && (
        <input
          ref={input}
          id={id}
          type="file"
          accept={field.schema.contentMediaType}
          aria-describedby={describedBy}
          aria-invalid={invalid || trouble !== ""}
          aria-required={field.required}
          onChange={(event) => void take(event.target.files?.[0])}
        />
      )}
      <p className="line">
        <output className="grow muted small">{held ? `${size(bytesOf(held))} kept` : "No file"}</output>
        {held && !disabled && (
          <button
            type="button"
            className="field__tool"
            onClick={clear}
            aria-label={`Remove the file of ${field.label}`}
          >
            <Icon name="close" size="s" />
          </button>
        )}
      </p>
      {trouble && (
        <p className="field__error is-error" role="status">
          <i className="mark" aria-hidden="true" />
          <span>{trouble}</span>
        </p>
      )}
    </div>
  );
}

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  // In pieces: a call takes only so many arguments.
  for (let start = 0; start < bytes.length; start += 8_192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8_192));
  }
  return btoa(text);
}

function bytesOf(base64: string): number {
  return Math.floor((base64.replace(/=+$/, "").length * 3) / 4);
}

function size(bytes: number): string {
  return bytes < 1_024 ? count(bytes, "byte") : `${(bytes / 1_024).toFixed(1)} KiB`;
}
