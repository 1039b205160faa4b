import { useState } from "react";

import { LateMarkdown } from "../../ui/LateMarkdown";
import type { ControlProps } from "../FormContext";
import { TextAreaControl } from "./TextAreaControl";

/** Text in Markdown: written, or read as it will look. What nobody may change here is only read. */
export function MarkdownControl(props: ControlProps) {
  const { id, field, value, disabled } = props;
  const [reading, setReading] = useState(false);
  const text = typeof value === "string" ? value : "";
  if (disabled) return <Prose id={id} label={field.label} text={text} />;
  return (
    <div className="markdown">
      <span className="segments" role="group" aria-label={`${field.label}: view`}>
        <button type="button" aria-pressed={!reading} onClick={() => setReading(false)}>
          Write
        </button>
        <button type="button" aria-pressed={reading} onClick={() => setReading(true)}>
          Read
        </button>
      </span>
      {reading ? <Prose id={id} label={field.label} text={text} /> : <TextAreaControl {...props} />}
    </div>
  );
}

function Prose({ id, label, text }: { id: string; label: string; text: string }) {
  return (
    <div id={id} className="prose" role="region" aria-label={label} tabIndex={0}>
      {text ? <LateMarkdown text={text} /> : <p className="muted">Empty</p>}
    </div>
  );
}
