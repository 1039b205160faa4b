import { useEffect, useRef } from "react";
import { isSystemPort } from "../core/geometry";
import { describeTypes, fieldsOf } from "../core/schema";
import type { Component, Port } from "../core/types";
import { describeRunsOn } from "../live/ways";
import { Icon } from "../ui/Icon";
import { LateMarkdown } from "../ui/LateMarkdown";
import { placeInWindow } from "../ui/placeInWindow";
import { Tile } from "../ui/Tile";
import { useLeaving } from "../ui/useLeaving";
import "./docs.css";

const WIDTH = 340;
const HEIGHT = 480;
const GAP = 8;
const NOTHING = "Its module says nothing about it.";

interface ComponentDocsProps {
  component: Component;
  /** The button that it was opened with: it stands beside that. */
  beside: HTMLElement;
  onClose: () => void;
}

/** What there is to know about a component: all that its author says, its ports and their fields, its settings. */
export default function ComponentDocs({ component, beside, onClose }: ComponentDocsProps) {
  const around = useRef<HTMLElement>(null);
  useLeaving(around, onClose);
  useEffect(() => around.current?.focus(), []);
  const { left, right, top } = (beside.closest("aside") ?? beside).getBoundingClientRect();
  const x = right + GAP + WIDTH < innerWidth ? right + GAP : left - GAP - WIDTH;
  const place = { x, y: Math.max(top, beside.getBoundingClientRect().top - 40) };
  const ports = component.ports.filter(({ name }) => !isSystemPort(name));
  const settings = component.ports.find(({ name }) => name === "_settings");
  return (
    <section
      ref={around}
      className="docs"
      role="dialog"
      aria-label={`About ${component.title}`}
      tabIndex={-1}
      style={placeInWindow(place, { width: WIDTH, height: HEIGHT })}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header className="line">
        <Tile icon={component.icon} category={component.category} size="m" />
        <h2 className="grow docs__title">{component.title}</h2>
        <button
          type="button"
          className="btn btn--plain btn--icon btn--s"
          aria-label="Close"
          onClick={onClose}
        >
          <Icon name="close" size="s" />
        </button>
      </header>
      <div className="docs__text">
        <LateMarkdown text={component.info || component.description || NOTHING} wrapped />
      </div>
      <p className="small muted">
        <code>{component.name}</code> of {component.module}
      </p>
      {component.runsOn && <p className="small muted">Runs on {describeRunsOn(component.runsOn)}</p>}
      <Ports title="Inputs" ports={ports.filter(({ source }) => !source)} />
      <Ports title="Outputs" ports={ports.filter(({ source }) => source)} />
      {settings && (
        <section className="docs__part">
          <h3>Settings</h3>
          <Fields port={settings} />
        </section>
      )}
    </section>
  );
}

function Ports({ title, ports }: { title: string; ports: readonly Port[] }) {
  if (ports.length === 0) return null;
  return (
    <section className="docs__part">
      <h3>{title}</h3>
      {ports.map((port) => (
        <div key={port.name}>
          <p className="strong">{port.label || port.name}</p>
          <Fields port={port} />
        </div>
      ))}
    </section>
  );
}

function Fields({ port: { schema } }: { port: Port }) {
  const fields = schema ? fieldsOf(schema, schema) : [];
  if (!schema || fields.length === 0) {
    return <p className="small muted">{schema ? describeTypes(schema, schema) : "Any message"}</p>;
  }
  return (
    <dl className="docs__fields">
      {fields.map((field) => {
        const [name = ""] = field.path;
        const { title, description } = field.schema;
        const about = [title, description]
          .filter((text) => typeof text === "string" && text !== "")
          .join(": ");
        return (
          <div key={name}>
            <dt>
              <code>{name}</code>
              <span className="small muted">
                {describeTypes(field.schema, schema)}
                {field.required ? ", required" : ""}
              </span>
            </dt>
            {about !== "" && <dd className="small quiet">{about}</dd>}
          </div>
        );
      })}
    </dl>
  );
}
