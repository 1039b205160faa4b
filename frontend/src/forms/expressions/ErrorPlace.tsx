/** Characters that are shown on either side of the place. */
const AROUND = 32;

/** Where in an expression something is wrong. */
export function ErrorPlace({ expression, position }: { expression: string; position: number }) {
  // Places count characters, of which JavaScript takes some for two.
  const letters = [...expression];
  const from = Math.max(0, position - AROUND);
  const to = position + 1 + AROUND;
  return (
    <code className="expression__place">
      {from > 0 && "…"}
      {letters.slice(from, position).join("")}
      <mark>{letters[position] ?? " "}</mark>
      {letters.slice(position + 1, to).join("")}
      {letters.length > to && "…"}
    </code>
  );
}
