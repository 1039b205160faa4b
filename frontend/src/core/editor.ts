import type { FlowApi } from "./api";
import { EMPTY_CATALOGUE } from "./catalogue";
import { contentsLoader } from "./contentsLoader";
import type {
  ApplyOptions,
  Connection,
  EditorHandle,
  FlowInfo,
  Notice,
  NoticeKind,
  Press,
  Selection,
} from "./editorTypes";
import { Unreachable } from "./errors";
import { addComponent } from "./addComponent";
import { count } from "./format";
import type { Point } from "./geometry";
import type { Graph } from "./graph";
import { membersOf } from "./groups/frames";
import { viewWith } from "./groups/viewWith";
import { History, type HistoryRecord, type Step } from "./history";
import { newUuid } from "./ids";
import { Notices } from "./notices";
import type { Entry, Side, UndoWay } from "./pending";
import { portsOf, takePorts, type OwnPorts } from "./ports";
import { Presses } from "./presses";
import { Refusals } from "./refused";
import { Cell, KeyedListeners, type Listener, type Unsubscribe } from "./store";
import { Sync } from "./sync";
import type { Witness } from "./witness";
import type {
  Can,
  Catalogue,
  Change,
  FieldProblem,
  FlowDocument,
  Json,
  JsonObject,
  LiveFrame,
  Op,
  Port,
  Problem,
} from "./types";

/** What is kept over a reload of the page, and of what is on its way over its end. */
export interface Kept {
  entries: Entry[];
  history: HistoryRecord;
  /** How many of the entries a page that is gone has left. */
  adopted?: number;
}

/** Where it is kept; `save` may fail silently when the browser has no room. */
export interface Keeper {
  load(): Kept | null | Promise<Kept | null>;
  save(kept: Kept): void;
}

const NOTHING_SELECTED: Selection = { nodes: new Set(), edges: new Set() };

/**
 * One open flow, free of any framework. Edits are shown at once and sent in order (`Sync`); undo is asked of
 * the server (`History` knows which changes are this person's); live values stand elsewhere, because they
 * are many and nobody edits them.
 */
export class Editor implements EditorHandle {
  readonly flow = new Cell<FlowInfo>({ id: "", name: "", project: { id: "", name: "" } });
  readonly can = new Cell<Can>({ edit: false, control: false });
  readonly catalogue = new Cell<Catalogue>(EMPTY_CATALOGUE);
  readonly selection = new Cell<Selection>(NOTHING_SELECTED);
  readonly connection = new Cell<Connection>({
    socket: "connecting",
    cluster: "live",
    telemetry: "connecting",
    reason: "",
    modules: [],
  });
  readonly done = new Cell<{ readonly label: string } | null>(null);
  readonly ownPorts = new Cell<OwnPorts>(new Map());
  /** Middle of what the canvas shows; the canvas keeps it. */
  readonly centre = new Cell<Point>({ x: 0, y: 0 });
  readonly revealing = new Cell<{ readonly id: string } | null>(null);
  readonly view = null;
  readonly within = new Cell<string | null>(null);
  private readonly steps = new History();
  private readonly messages = new Notices();
  private readonly sync: Sync;
  private readonly contents: ReturnType<typeof contentsLoader>;
  private readonly presses: Presses;
  private readonly refusals: Refusals;
  private witness: Witness | null = null;
  private readonly listeners = new Set<(touched: ReadonlySet<string>) => void>();
  private readonly keyed = new KeyedListeners();

  constructor(
    private readonly api: FlowApi,
    private readonly keeper: Keeper,
  ) {
    this.presses = new Presses(api);
    this.sync = new Sync(api, {
      changed: (touched) => this.changed(touched),
      queued: () => this.keep(),
      accepted: (entry, answer) => this.accepted(entry, answer),
      refused: (...what) => this.refusals.take(...what),
      confirmed: (what) => {
        if (!what.own) this.sayWhatGoes(what.change);
        this.witness?.confirmed(what);
      },
      loaded: (document) => this.loaded(document),
      revOf: (id) => this.steps.revOf(id),
    });
    this.contents = contentsLoader(api, this.sync);
    this.refusals = new Refusals({
      sync: this.sync,
      steps: this.steps,
      graph: () => this.graph,
      catalogue: () => this.catalogue.get(),
      notify: (...what) => this.notify(...what),
      undoAgain: ({ target, label, group, side }, way) => {
        this.steps.push(side, this.reverse({ id: target, label, group }, side, way));
        this.keep();
      },
      bringBack: (change, then) => this.bringBack(change, then),
    });
  }

  get graph(): Graph {
    return this.sync.graph;
  }

  get whole(): Graph {
    return this.sync.graph;
  }

  /** The newest revision that is here without a gap. */
  get rev(): number {
    return this.sync.rev;
  }

  get queue() {
    return this.sync.state;
  }

  get notices() {
    return this.messages.list;
  }

  get history() {
    return this.steps.state;
  }

  /** Reads the flow and the catalogue; edits kept from before a reload are sent after that. */
  async open(): Promise<void> {
    const kept = await this.keeper.load();
    if (kept) {
      this.steps.restore(kept.history);
      this.sync.restore(kept.entries);
      if (kept.adopted) this.sayAdopted(kept.adopted);
    }
    await Promise.all([this.sync.load(), this.refreshCatalogue()]);
  }

  async refreshCatalogue(): Promise<void> {
    this.catalogue.set(await this.api.catalogue());
  }

  load(ids: Iterable<string>): Promise<void> {
    return this.contents.load(ids);
  }

  close(): void {
    this.sync.close();
    this.contents.close(new Unreachable("The flow was closed."));
  }

  /** A message of the document stream. */
  receive(change: Change): void {
    this.sync.receive(change);
  }

  /** The socket is (again) open and the server stands at `rev`. */
  reconnected(rev: number): void {
    this.sync.expect(rev);
  }

  controlEnded(id: string, phase: "done" | "failed", problem: Problem | null): void {
    this.presses.ended(id, { phase, problem });
  }

  /** A frame of the live stream, for what it says about ports; its figures stand elsewhere. */
  live(frame: LiveFrame): void {
    const now = this.ownPorts.get();
    const next = takePorts(now, frame);
    if (next !== now) this.ownPorts.set(next);
  }

  portsOf(id: string): readonly Port[] {
    const node = this.graph.nodes.get(id);
    return node ? portsOf(this.catalogue.get(), this.ownPorts.get(), node) : [];
  }

  subscribe(listener: (touched: ReadonlySet<string>) => void): Unsubscribe {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  subscribeTo(id: string, listener: Listener): Unsubscribe {
    return this.keyed.subscribe(id, listener);
  }

  apply(ops: Op[], options: ApplyOptions): void {
    const { label } = options;
    if (ops.length === 0) return;
    if (!this.can.get().edit) {
      this.notify(
        { code: "read_only", message: `${label}: you may look at this flow, not change it.` },
        "warning",
      );
      return;
    }
    this.witness?.wrote(ops);
    const entries = this.sync.push(ops, options);
    if (!entries) {
      const message = `${label}: too many edits wait for the server. Try again when the connection is back.`;
      this.notify({ code: "queue_full", message });
      return;
    }
    for (const { id, group } of entries) this.steps.edited({ id, label, group });
    this.done.set({ label });
    this.keep();
  }

  /** Who compares what this person writes with what others write; one at a time. */
  watchedBy(witness: Witness): Unsubscribe {
    this.witness = witness;
    return () => (this.witness = null);
  }

  /** Takes back the change by which somebody made something go, as a step of this person, and then does `then`. */
  bringBack(change: number, then: Op[] = []): void {
    const target = `change:${String(change)}`;
    this.steps.setRev(target, change);
    const step = this.reverse({ id: target, label: "Bring it back", group: newUuid() }, "redo", "whole");
    this.steps.edited(step);
    this.apply(then, { label: "Do it again" });
    this.keep();
  }

  made(id: string, label: string, rev: number): void {
    this.steps.setRev(id, rev);
    this.steps.edited({ id, label, group: id });
    this.done.set({ label });
    this.keep();
  }

  undo(): void {
    this.takeBack("undo");
  }

  redo(): void {
    this.takeBack("redo");
  }

  add(component: { module: string; component: string }, at?: Point): string | null {
    return addComponent(this, component, at);
  }

  reveal(id: string): void {
    this.enter(viewWith(this.graph, id, this.within.get()));
    if (this.graph.nodes.has(id)) this.select({ nodes: [id] });
    else if (this.graph.edges.has(id)) this.select({ edges: [id] });
    this.revealing.set({ id });
  }

  enter(group: string | null): void {
    const left = this.within.get();
    if (group === left || (group !== null && !this.graph.groups.has(group))) return;
    this.within.set(group);
    // Whoever comes out of a group stands at its card.
    const members = group === null && left !== null ? membersOf(this.graph, left) : [];
    this.select({ nodes: members.map(({ id }) => id) });
    this.done.set({ label: group === null ? "Back in the flow" : `In ${this.nameOfGroup(group)}` });
  }

  select({ nodes, edges }: { nodes?: Iterable<string>; edges?: Iterable<string> }): void {
    const next: Selection = { nodes: new Set(nodes), edges: new Set(edges) };
    const now = this.selection.get();
    if (!sameSet(now.nodes, next.nodes) || !sameSet(now.edges, next.edges)) this.selection.set(next);
  }

  press(node: string, data: JsonObject): Press {
    return this.presses.press(node, data);
  }

  validate(node: string, settings: Json): Promise<FieldProblem[]> {
    return this.api.validate(node, settings);
  }

  notify(problem: Problem, kind: NoticeKind = "error", action?: Notice["action"]): void {
    this.messages.add(problem, kind, action);
  }

  dismiss(notice: string): void {
    this.messages.dismiss(notice);
  }

  /** Takes the newest gesture of one side back and puts its counterpart on the other. */
  private takeBack(from: Side): void {
    const to = from === "undo" ? "redo" : "undo";
    for (const step of this.steps.take(from)) {
      this.done.set({ label: `${from === "undo" ? "Undone" : "Done again"}: ${step.label}` });
      const counterpart = step.replay ? this.replay(step.replay, step) : this.reverse(step, to, "whole");
      if (counterpart) this.steps.push(to, counterpart);
    }
    this.keep();
  }

  /** Asks for the step to be taken back; answers what takes that back again, for `side` of the history. */
  private reverse({ id: target, label, group }: Step, side: Side, way: UndoWay): Step {
    const withdrawn = this.sync.withdraw(target);
    if (withdrawn)
      return { id: target, label, group, replay: { ops: withdrawn.ops, pasted: withdrawn.pasted } };
    const { id } = this.sync.pushUndo({ target, label, group, way, side });
    return { id, label, group };
  }

  private replay({ ops, pasted }: Required<Step>["replay"], { label, group }: Step): Step | null {
    const [entry] = this.sync.push(ops, { label, pasted }) ?? [];
    return entry ? { id: entry.id, label, group } : null;
  }

  private accepted(entry: Entry, answer: { rev: number; undoable?: boolean }): void {
    this.steps.setRev(entry.id, answer.rev);
    if (answer.undoable === false) this.steps.forget(entry.id);
  }

  private loaded(document: FlowDocument): void {
    const { id, name, project } = document.flow;
    this.flow.set({ id, name, project });
    this.can.set(document.can);
    const { state, reason } = document.cluster;
    this.connection.set({ ...this.connection.get(), cluster: state, reason });
  }

  /** What is selected and deleted elsewhere must not vanish without a word. Our own deletions are gone by now. */
  private sayWhatGoes(change: Change): void {
    for (const op of change.ops) {
      const node = op.op === "delete_node" ? this.graph.nodes.get(op.id) : undefined;
      if (!node || !this.selection.get().nodes.has(node.id)) continue;
      const message = `${change.by?.name ?? "Somebody"} deleted ${node.label || node.component}.`;
      const back = { label: "Bring it back", run: () => this.bringBack(change.rev) };
      this.notify({ code: "deleted_elsewhere", message }, "info", this.can.get().edit ? back : undefined);
    }
  }

  private sayAdopted(many: number): void {
    const message = `${count(many, "edit")} that a closed page had not sent yet ${many === 1 ? "is" : "are"} sent now.`;
    this.notify({ code: "adopted", message }, "info");
  }

  private nameOfGroup(id: string): string {
    return `the group ${this.graph.groups.get(id)?.name || "Group"}`;
  }

  /** A group that nobody has any more cannot be looked at. */
  private leaveLost(): void {
    const id = this.within.get();
    if (id === null || this.graph.groups.has(id)) return;
    this.enter(null);
    this.notify(
      { code: "group_gone", message: "The group you looked at is gone. This is the whole flow." },
      "info",
    );
  }

  private changed(touched: ReadonlySet<string>): void {
    this.leaveLost();
    const { nodes, edges } = this.selection.get();
    const has = (map: ReadonlyMap<string, unknown>) => (id: string) => map.has(id);
    this.select({
      nodes: [...nodes].filter(has(this.graph.nodes)),
      edges: [...edges].filter(has(this.graph.edges)),
    });
    this.keyed.notify(touched);
    for (const listener of [...this.listeners]) listener(touched);
  }

  private keep(): void {
    this.keeper.save({ entries: [...this.sync.pending()], history: this.steps.record() });
  }
}

function sameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  if (one.size !== other.size) return false;
  for (const item of one) if (!other.has(item)) return false;
  return true;
}
