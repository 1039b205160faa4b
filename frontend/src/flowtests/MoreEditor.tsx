import { useMemo } from "react";
import { Form } from "../forms/Form";
import type { Schema } from "../forms/schema/types";
import { messageTarget } from "./messageTarget";
import type { TestBody } from "./types";

const SCHEMA: Schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    now: {
      type: "string",
      format: "date-time",
      title: "Begins at",
      description: "By the clock of the flow; without it at the beginning of 2026",
    },
    within: {
      type: "integer",
      title: "Ends after",
      description: "Seconds of the flow’s own time, where something goes on by itself; 600 without it",
      minimum: 0,
      maximum: 34_560_000,
    },
    state: {
      type: "object",
      title: "State",
      description: 'What nodes hold in the beginning, by their ids: {"<node>": {"value": 5}}',
      additionalProperties: { type: "object" },
    },
  },
};

interface MoreEditorProps {
  name: string;
  body: TestBody;
  readOnly: string | null;
  read: () => TestBody | undefined;
  write: (change: (body: TestBody) => TestBody) => Promise<void>;
}

/** When a test begins and ends, and what nodes hold in the beginning. */
export function MoreEditor({ name, body, readOnly, read, write }: MoreEditorProps) {
  const target = useMemo(
    () =>
      messageTarget(
        name,
        SCHEMA,
        () => moreOf(read()),
        (next) => write((now) => ({ ...withoutMore(now), ...(next as Partial<TestBody>) })),
      ),
    [name, read, write],
  );
  return <Form schema={SCHEMA} value={moreOf(body)} target={target} readOnly={readOnly} />;
}

function moreOf(body: TestBody | undefined) {
  const { now, within, state } = body ?? {};
  return {
    ...(now === undefined ? {} : { now }),
    ...(within === undefined ? {} : { within }),
    ...(state === undefined ? {} : { state }),
  };
}

function withoutMore({ now: _now, within: _within, state: _state, ...rest }: TestBody): TestBody {
  return rest;
}
