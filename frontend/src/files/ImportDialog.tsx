import { useContext, useEffect, useMemo, useState, type DragEvent } from "react";
import { ActionsContext } from "../actions/context";
import { Refusal } from "../core/errors";
import { useEditor, useFlow } from "../live/hooks";
import { closeAround, Dialog } from "../ui/Dialog";
import { bringIn } from "./bringIn";
import { useShowAll } from "./useShowAll";
import { filesApi } from "./filesApi";
import { count, PlanView } from "./PlanView";
import { SecretFields } from "./SecretFields";
import type { Fault, FilesApi, Plan } from "./types";
import "./files.css";

const MAX_FILE = 4 * 1024 * 1024;

const CHECKING = "Checking what is in it. Nothing is changed yet …";

interface Told {
  readonly message: string;
  readonly faults: readonly Fault[];
}

interface ImportDialogProps {
  onClose: () => void;
  /** Of tests. */
  api?: FilesApi;
}

/** Brings a file into the flow: choose it, see what it would do, give the secrets that it needs. */
export default function ImportDialog({ onClose, api: given }: ImportDialogProps) {
  const editor = useEditor();
  const flow = useFlow();
  const show = useShowAll();
  const api = useMemo(() => given ?? filesApi(flow.project.id, flow.id), [given, flow.project.id, flow.id]);
  const offered = useContext(ActionsContext)?.canvas.offered;
  const [dropped] = useState(() => offered?.get() ?? "");
  const [text, setText] = useState(dropped);
  const [plan, setPlan] = useState<Plan | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const [values, setValues] = useState<ReadonlyMap<string, string>>(new Map());
  /** What is being done, in words. */
  const [doing, setDoing] = useState(dropped === "" ? "" : CHECKING);
  const busy = doing !== "";

  useEffect(() => {
    offered?.set(null);
    if (dropped === "") return;
    const end = (): void => setDoing("");
    void api
      .plan(dropped)
      .then(setPlan, (error: unknown) => setTold(toldBy(error)))
      .finally(end);
  }, [api, dropped, offered]);
  const work = async (words: string, steps: () => Promise<void>): Promise<void> => {
    setDoing(words);
    setTold(null);
    try {
      await steps();
    } catch (error) {
      setTold(toldBy(error));
    } finally {
      setDoing("");
    }
  };
  const check = async (from: string): Promise<void> => {
    setText(from);
    setDoing(CHECKING);
    setPlan(await api.plan(from));
  };
  const look = (): void => void work(CHECKING, () => check(text));
  const choose = (file: File | undefined): void => {
    if (!file) return;
    if (file.size > MAX_FILE) {
      setTold({ message: `${file.name} has more than 4 MiB: split it into several files.`, faults: [] });
      return;
    }
    void work("Reading the file …", async () => check(await file.text()));
  };
  const bring = (element: Element): void => {
    if (!plan) return;
    void work(saving(plan), async () => {
      await bringIn(editor, api, { text, name: plan.name }, values, show);
      closeAround(element);
    });
  };
  const several = plan?.kind === "project";

  return (
    <Dialog title="Import a file" onClose={onClose}>
      {plan === null ? (
        <Choice text={text} busy={busy} onText={setText} onFile={choose} onLook={look} />
      ) : (
        <>
          <PlanView plan={plan} />
          {several ? (
            <p className="small">
              It has more than one flow:{" "}
              <a href={`/projects/${flow.project.id}/import/`}>bring it in on the project&apos;s page</a>.
            </p>
          ) : (
            <SecretFields
              secrets={plan.secrets}
              values={values}
              onChange={(reference, value) => setValues(new Map(values).set(reference, value))}
            />
          )}
        </>
      )}
      {told && <Faults told={told} />}
      <p className="small muted" role="status">
        {doing}
      </p>
      <div className="dialog__foot">
        {plan !== null && (
          <button type="button" className="btn" disabled={busy} onClick={() => setPlan(null)}>
            Another file
          </button>
        )}
        <button type="button" className="btn" onClick={(event) => closeAround(event.currentTarget)}>
          {busy && plan !== null ? "Close" : "Cancel"}
        </button>
        {plan === null ? (
          <button
            type="button"
            className="btn btn--primary"
            disabled={busy || text.trim() === ""}
            onClick={look}
          >
            See what it would do
          </button>
        ) : (
          <button
            type="button"
            className="btn btn--primary"
            disabled={busy || several}
            autoFocus
            onClick={(event) => bring(event.currentTarget)}
          >
            Import into this flow
          </button>
        )}
      </div>
    </Dialog>
  );
}

interface ChoiceProps {
  text: string;
  busy: boolean;
  onText: (text: string) => void;
  onFile: (file: File | undefined) => void;
  onLook: () => void;
}

function Choice({ text, busy, onText, onFile, onLook }: ChoiceProps) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    onFile(event.dataTransfer.files[0]);
  };
  return (
    <div
      className={over ? "drop drop--over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p className="muted">
        A flow that was exported here, or flows of Node-RED: drop the file, choose it, or paste its text. At
        most 4 MiB, about 12,000 nodes.
      </p>
      <input
        type="file"
        aria-label="File"
        accept=".yaml,.yml,.json,application/yaml,application/json"
        disabled={busy}
        onChange={(event) => onFile(event.target.files?.[0])}
      />
      <textarea
        className="drop__text"
        aria-label="Text of the file"
        placeholder="weirflow: 1"
        spellCheck={false}
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onLook();
        }}
      />
    </div>
  );
}

function Faults({ told }: { told: Told }) {
  if (told.faults.length === 0) {
    return (
      <p className="is-error" role="alert">
        {told.message}
      </p>
    );
  }
  return (
    <div className="plan__notes is-error" role="alert" tabIndex={0}>
      <ul>
        {told.faults.map(({ line, path, message }, at) => (
          <li key={at}>
            {line > 0 && <b>Line {line} </b>}
            {path !== "" && <code>{path}</code>} {message}.
          </li>
        ))}
      </ul>
    </div>
  );
}

function saving({ flows }: Plan): string {
  const nodes = flows.reduce((sum, flow) => sum + flow.nodes, 0);
  const wires = flows.reduce((sum, flow) => sum + flow.wires, 0);
  const what = `${count(nodes, "node")} and ${count(wires, "wire")}`;
  return `Saving ${what}. It goes on when this is closed, and is one step that can be undone …`;
}

function toldBy(error: unknown): Told {
  const message = error instanceof Error ? error.message : "The file could not be read.";
  return { message, faults: error instanceof Refusal ? (error.details.faults ?? []) : [] };
}
