import { lexer, type Token, type Tokens } from "marked";
import { createElement, Fragment, memo, type ReactNode } from "react";
import { usePieces } from "./mentionNames";

/** Where a link in a note may lead. */
const SCHEMES = /^(https?:|mailto:)/i;
/** Deeper nesting is shown as it was written. */
const MOST_LEVELS = 12;

interface MarkdownProps {
  text: string;
  /** The lines are those of a file: a paragraph runs on from one to the next. */
  wrapped?: boolean;
}

/**
 * Markdown as elements of the page. Nothing is parsed as HTML on the way: tags in the text are shown as text, links
 * lead only to the web or to a mail address, pictures are links to themselves.
 */
export const Markdown = memo(function Markdown({ text, wrapped = false }: MarkdownProps) {
  const tokens = knownTokens(text, wrapped);
  return tokens ? <>{all(tokens, 0)}</> : <p>{text}</p>;
});

/** A long text takes a tenth of a second and more to read: notes that come back into view are not read again. */
const known = new Map<string, Token[] | null>();
const MOST_KNOWN = 32;

function knownTokens(text: string, wrapped: boolean): Token[] | null {
  const key = `${String(wrapped)} ${text}`;
  let tokens = known.get(key);
  if (tokens === undefined) {
    tokens = tokensOf(text, wrapped);
    const oldest = known.keys().next();
    if (known.size >= MOST_KNOWN && !oldest.done) known.delete(oldest.value);
  } else known.delete(key);
  known.set(key, tokens);
  return tokens;
}

/** Null for a text that is nested deeper than the lexer can follow: it calls itself for every level. */
function tokensOf(text: string, wrapped: boolean): Token[] | null {
  try {
    return lexer(text, { gfm: true, breaks: !wrapped });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function all(tokens: readonly Token[] | undefined, level: number): ReactNode[] {
  return (tokens ?? []).map((token, index) => <Fragment key={index}>{one(token, level + 1)}</Fragment>);
}

function one(token: Token, level: number): ReactNode {
  if (level > MOST_LEVELS) return token.raw;
  const inner = "tokens" in token ? all(token.tokens, level) : [];
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "heading":
      return createElement(`h${String(Math.min((token as Tokens.Heading).depth + 2, 6))}`, null, ...inner);
    case "paragraph":
      return <p>{inner}</p>;
    case "blockquote":
      return <blockquote>{inner}</blockquote>;
    case "list":
      return <List list={token as Tokens.List} level={level} />;
    case "code":
      return (
        <pre>
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      );
    case "table":
      return <Table table={token as Tokens.Table} level={level} />;
    case "hr":
      return <hr />;
    case "br":
      return <br />;
    case "strong":
      return <strong>{inner}</strong>;
    case "em":
      return <em>{inner}</em>;
    case "del":
      return <del>{inner}</del>;
    case "codespan":
      return <code>{(token as Tokens.Codespan).text}</code>;
    case "link":
      return <Link href={(token as Tokens.Link).href}>{inner}</Link>;
    case "image":
      return <Link href={(token as Tokens.Image).href}>{(token as Tokens.Image).text || "picture"}</Link>;
    case "text":
    case "escape":
      return inner.length > 0 ? inner : <Words text={(token as Tokens.Text).text} />;
    default:
      return token.raw;
  }
}

/** Words of a text, with the names of people who are meant in it. */
function Words({ text }: { text: string }) {
  return usePieces(text).map(({ text: piece, named }, index) =>
    named ? (
      <b key={index} className="named">
        {piece}
      </b>
    ) : (
      piece
    ),
  );
}

function Link({ href, children }: { href: string; children: ReactNode }) {
  if (!SCHEMES.test(href)) return <>{children}</>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

function List({ list, level }: { list: Tokens.List; level: number }) {
  const items = list.items.map((item, index) => (
    <li key={index} className={item.task ? "is-task" : undefined}>
      {item.task && <input type="checkbox" checked={item.checked === true} disabled />}
      {all(
        item.tokens.filter(({ type }) => type !== "checkbox"),
        level,
      )}
    </li>
  ));
  return list.ordered ? <ol start={list.start || 1}>{items}</ol> : <ul>{items}</ul>;
}

function Table({ table, level }: { table: Tokens.Table; level: number }) {
  return (
    <table>
      <thead>
        <tr>
          {table.header.map((cell, index) => (
            <th key={index}>{all(cell.tokens, level)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row, index) => (
          <tr key={index}>
            {row.map((cell, column) => (
              <td key={column}>{all(cell.tokens, level)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
