import type { FlowApi } from "../core/api";
import type { ContentsAnswer } from "../core/contents";
import { Editor } from "../core/editor";
import type { EditorHandle } from "../core/editorTypes";
import { Unreachable } from "../core/errors";
import type { FlowDocument } from "../core/types";

type ReadContents = (nodes: readonly string[], edges: readonly string[]) => Promise<ContentsAnswer>;

const KEEPS_NOTHING = { load: () => null, save: () => undefined };

/** An editor of a state of the past: it shows what there was, and what it has to say it says in the present one. */
export class PastEditor extends Editor {
  constructor(
    private readonly now: EditorHandle,
    document: FlowDocument,
    contents: ReadContents,
  ) {
    super(pastApi(now, document, contents), KEEPS_NOTHING);
    const follow = (): void => this.connection.set(now.connection.get());
    follow();
    this.stop = now.connection.subscribe(follow);
    this.ownPorts.set(now.ownPorts.get());
  }

  private readonly stop: () => void;

  override notify(...said: Parameters<EditorHandle["notify"]>): void {
    this.now.notify(...said);
  }

  override close(): void {
    this.stop();
    super.close();
  }
}

function pastApi(now: EditorHandle, document: FlowDocument, contents: ReadContents): FlowApi {
  const no = (): Promise<never> => Promise.reject(new Unreachable("This is the past: nothing runs in it."));
  return {
    load: () => Promise.resolve(document),
    contents,
    catalogue: () => Promise.resolve(now.catalogue.get()),
    changes: () => Promise.resolve([]),
    presses: () => Promise.resolve({}),
    validate: () => Promise.resolve([]),
    siblings: () => Promise.resolve([]),
    change: no,
    undo: no,
    find: no,
    press: no,
    signal: no,
    validation: no,
    runs: no,
    run: no,
    stack: no,
  };
}
