import { backoff } from "./backoff";

const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 15_000;

type Wanted = "changes" | "flow";

/**
 * Reads missing changes, or the whole flow, one request at a time. What is wanted meanwhile is read after;
 * a failed read is tried again, later and later, until it works or the page is closed.
 */
export class Reader {
  private wanted: Wanted | null = null;
  private running = false;
  private closed = false;
  private attempt = 0;
  private wake: (() => void) | null = null;

  constructor(
    private readonly readChanges: () => Promise<void>,
    private readonly readFlow: () => Promise<void>,
    private readonly failing: () => void,
  ) {}

  want(what: Wanted): void {
    if (this.wanted !== "flow") this.wanted = what;
    if (!this.running && !this.closed) void this.run();
  }

  retryNow(): void {
    this.attempt = 0;
    this.wake?.();
  }

  close(): void {
    this.closed = true;
    this.wake?.();
  }

  /** Never rejects: every failure becomes a wait and another try. */
  private async run(): Promise<void> {
    this.running = true;
    while (this.wanted !== null && !this.closed) {
      const what: Wanted = this.wanted;
      this.wanted = null;
      try {
        await (what === "flow" ? this.readFlow() : this.readChanges());
        this.attempt = 0;
      } catch {
        this.want(what);
        this.failing();
        await this.pause(backoff(this.attempt++, RETRY_FIRST_MS, RETRY_MOST_MS));
      }
    }
    this.running = false;
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
