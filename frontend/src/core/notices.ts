import type { Notice, NoticeKind } from "./editorTypes";
import { newUuid } from "./ids";
import { Cell } from "./store";
import type { Problem } from "./types";

/** Older ones give way: a list nobody reads helps nobody. */
const MAX_NOTICES = 6;

/** What the person should know, newest last; the same sentence about the same thing stands once. */
export class Notices {
  readonly list = new Cell<readonly Notice[]>([]);

  add(problem: Problem, kind: NoticeKind = "error", action?: Notice["action"]): void {
    const { message, node, edge } = problem;
    const others = this.list
      .get()
      .filter((notice) => notice.message !== message || notice.node !== node || notice.edge !== edge);
    const notice: Notice = { id: newUuid(), kind, message, node, edge, action };
    this.list.set([...others, notice].slice(-MAX_NOTICES));
  }

  dismiss(id: string): void {
    this.list.set(this.list.get().filter((notice) => notice.id !== id));
  }
}
