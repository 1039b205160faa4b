/** How often a message is sent in all when its errors are retryable, and the pauses before that. */
export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly initialDelayMs: number;
  readonly backoffCoefficient: number;
  readonly maxDelayMs: number;
  readonly nonRetryableErrorCodes: readonly string[];
}

/** How a wire hands messages over. */
export interface Delivery {
  readonly timeout_ms: number | null;
  readonly retry_policy: RetryPolicy | null;
}

/** What is said of a wire's delivery; nothing where nothing is. */
export function deliveryOf({ timeout_ms, retry_policy }: Partial<Delivery>): Partial<Delivery> {
  return { ...(typeof timeout_ms === "number" && { timeout_ms }), ...(retry_policy && { retry_policy }) };
}
