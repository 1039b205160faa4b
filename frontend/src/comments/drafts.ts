/** What was written and not sent, by where it was to go: a drawer that is closed takes no text along. */
const drafts = new Map<string, string>();

export function keptDraft(key: string): string | undefined {
  return drafts.get(key);
}

export function keepDraft(key: string, text: string | null): void {
  if (text === null || text === "") drafts.delete(key);
  else drafts.set(key, text);
}
