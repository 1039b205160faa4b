/** A text with what was searched for marked in it, and from near the beginning of that if it is long. */
export function Marked({ text, query }: { text: string; query: string }) {
  const words = query.trim().toLowerCase();
  const at = words === "" ? -1 : text.toLowerCase().indexOf(words);
  if (at < 0) return text;
  const start = at > 24 ? at - 16 : 0;
  return (
    <>
      {start > 0 && "…"}
      {text.slice(start, at)}
      <mark>{text.slice(at, at + words.length)}</mark>
      {text.slice(at + words.length)}
    </>
  );
}
