import { Refusal } from "./errors";

interface Row {
  readonly id: string;
  readonly rev: number;
}

/**
 * Rows of the server that people edit in place: shown as edited at once, sent one edit after the other, and read again when
 * the server says no.
 */
export abstract class EditedRows<R extends Row> {
  private reading: Promise<void> | null = null;
  /** Edits go one after the other: each is made on what the one before has become. */
  protected sending: Promise<void> = Promise.resolve();
  /** Edits that the server has not answered yet. */
  protected waiting = 0;

  protected abstract rows(): readonly R[];
  protected abstract put(write: (rows: readonly R[]) => readonly R[]): void;
  /** The list could not be read. */
  protected abstract failed(error: unknown): void;
  /** Requests; they reject as the API does. */
  protected abstract list(): Promise<readonly R[]>;
  protected abstract change(row: R): Promise<R>;
  protected abstract erase(id: string): Promise<void>;
  /** Some row was written or removed. */
  protected written(): void {}

  /** What is taken from an answer while other edits of the row wait: they stand in it already. */
  protected meanwhile(row: R, answer: R): R {
    return { ...row, rev: answer.rev };
  }

  /** Reads the list; several who ask at once share one request. Never rejects: see `failure`. */
  load(): Promise<void> {
    // What is being edited stands here in a newer form than there.
    this.reading ??= this.read(() => this.waiting === 0).finally(() => (this.reading = null));
    return this.reading;
  }

  find(id: string | null): R | undefined {
    return this.rows().find((row) => row.id === id);
  }

  /**
   * Writes to a row at once in this page, and sends it after the edits before it. Rejects as the API does; the list is then
   * read again, with what somebody else may have made of it.
   */
  edit(id: string, write: (row: R) => R): Promise<void> {
    this.put((rows) => rows.map((row) => (row.id === id ? write(row) : row)));
    this.waiting += 1;
    const sent = this.sending.then(() => this.send(id));
    this.sending = sent.catch(() => undefined);
    return sent;
  }

  async remove(id: string): Promise<void> {
    try {
      await this.erase(id);
    } catch (error) {
      if (!(error instanceof Refusal && error.status === 404)) throw error;
    }
    this.put((rows) => rows.filter((row) => row.id !== id));
    this.written();
  }

  protected added(made: R): R {
    this.put((rows) => [...rows.filter(({ id }) => id !== made.id), made]);
    return made;
  }

  private async send(id: string): Promise<void> {
    try {
      const row = this.find(id);
      // Gone meanwhile, here or elsewhere: whoever deleted it has decided.
      if (!row) return;
      const answer = await this.change(row);
      const told = (one: R): R => (this.waiting > 1 ? this.meanwhile(one, answer) : answer);
      this.put((rows) => rows.map((one) => (one.id === id ? told(one) : one)));
      this.written();
    } catch (error) {
      // An edit that was refused is given up, whatever waits behind it.
      await this.read(() => true);
      throw error;
    } finally {
      this.waiting -= 1;
    }
  }

  private async read(wanted: () => boolean): Promise<void> {
    try {
      const rows = await this.list();
      if (wanted()) this.put(() => rows);
    } catch (error) {
      this.failed(error);
    }
  }
}
