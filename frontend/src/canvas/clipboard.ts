import type { EditorHandle, Selection } from "../core/editorTypes";
import type { Point } from "../core/geometry";
import { copySelection, idsInCopy, toText } from "../editing/contents";
import { MAX_NODES, MAX_TEXT } from "../editing/limits";
import { sayUnread } from "../editing/whenLoaded";
import { deleteSelection } from "./commands";

/** Where pasted nodes go: under the pointer, else into the middle of the view. */
export type Where = () => Point;

/** More is selected than could be pasted; that has been said. */
class TooMuch extends Error {}

/** Whether what is copied could be pasted again; says what to do where it could not. */
export function canBePasted(editor: EditorHandle, cut: boolean, { nodes } = editor.selection.get()): boolean {
  if (nodes.size <= MAX_NODES) return true;
  const most = MAX_NODES.toLocaleString("en");
  sayTooMuch(
    editor,
    cut,
    `${nodes.size.toLocaleString("en")} nodes are selected, and up to ${most} can be pasted`,
  );
  return false;
}

function sayTooMuch(editor: EditorHandle, cut: boolean, why: string): void {
  const message = `${cut ? "Cut" : "Copy"}: ${why} at once. Take fewer nodes.`;
  editor.notify({ code: "too_much", message }, "warning");
}

/** The text to put on the clipboard; null when no node is selected or it is too long. Says what is not in it. */
export function takeCopy(
  editor: EditorHandle,
  cut: boolean,
  selection = editor.selection.get(),
): string | null {
  try {
    return copyText(editor, cut, selection);
  } catch (error) {
    if (error instanceof TooMuch) return null;
    throw error;
  }
}

function copyText(editor: EditorHandle, cut: boolean, selection: Selection): string | null {
  const copy = copySelection(editor, cut, selection);
  if (!copy) return null;
  const text = toText(copy.contents);
  if (text.length > MAX_TEXT) {
    const most = String(MAX_TEXT / 1024 / 1024);
    sayTooMuch(
      editor,
      cut,
      `this is ${String(Math.ceil(text.length / 1024 / 1024))} MB, and up to ${most} can be pasted`,
    );
    throw new TooMuch();
  }
  if (copy.leftOut > 0) {
    const values = copy.leftOut === 1 ? "1 secret value was" : `${String(copy.leftOut)} secret values were`;
    const message = `${values} left out of the copy. Fill in a reference like [[secret:name/key]] where you paste.`;
    editor.notify({ code: "secrets_left_out", message }, "info");
  }
  return text;
}

/** What reads and adds what is pasted comes when the page is idle, or with the first that is pasted. */
export const pasting = {
  load: () => Promise.all([import("../editing/readContents"), import("../editing/paste")]),
  fetch: () => pasting.load().then(doNothing, doNothing),
};

function doNothing(): void {
  // Where it could not be had ahead, it is asked for again.
}

/** Adds what the text holds where things go now, or says what is wrong with it. */
export async function pasteText(editor: EditorHandle, text: string, where: Where): Promise<void> {
  const place = where();
  let loaded: Awaited<ReturnType<typeof pasting.load>>;
  try {
    loaded = await pasting.load();
  } catch {
    const message = "Paste: this part of the page could not be loaded. Paste again when the server answers.";
    editor.notify({ code: "cannot_paste", message }, "warning");
    return;
  }
  const [{ readContents }, { paste }] = loaded;
  const reading = readContents(text);
  if ("contents" in reading) paste(editor, reading.contents, place);
  else editor.notify({ code: "cannot_paste", message: reading.problem }, "warning");
}

/** Copies without a key press of the browser's own: from the command palette or a menu. */
export async function copyByMenu(editor: EditorHandle, cut: boolean): Promise<void> {
  if (await copyWhenRead(editor, cut)) return;
  refused(editor, cut ? "Cut" : "Copy", cut ? "X" : "C");
}

/** Copies at a key press what first has to be read. */
export async function copyLater(editor: EditorHandle, cut: boolean): Promise<void> {
  if (await copyWhenRead(editor, cut)) return;
  const [deed, key] = cut ? ["Cut", "X"] : ["Copy", "C"];
  const message = `${deed}: what is selected had to be read first, and now it is here. Press Ctrl ${key} again.`;
  editor.notify({ code: "copy_again", message }, "info");
}

/** False when the browser does not let us at the clipboard; whatever else went wrong has been said. */
async function copyWhenRead(editor: EditorHandle, cut: boolean): Promise<boolean> {
  const selection = editor.selection.get();
  if (selection.nodes.size === 0 || !canBePasted(editor, cut, selection)) return true;
  const deed = cut ? "Cut" : "Copy";
  const text = textWhenRead(editor, cut, selection);
  let unread: { error: unknown } | null = null;
  text.catch((error: unknown) => (unread = { error }));
  try {
    await write(text);
  } catch {
    // It may have been refused before all was read: the next key press needs it here.
    await text.catch(() => undefined);
    if (!unread) return false;
    const { error } = unread as { error: unknown };
    if (!(error instanceof TooMuch)) sayUnread(editor, deed, error);
    return true;
  }
  if (cut) deleteSelection(editor, "Cut", selection);
  return true;
}

async function textWhenRead(editor: EditorHandle, cut: boolean, selection: Selection): Promise<string> {
  await editor.load(idsInCopy(editor, cut, selection));
  const text = copyText(editor, cut, selection);
  if (text === null) throw new Error("It has changed in between.");
  return text;
}

/** A browser that is promised the text waits for it; others are asked once it is there. Missing over plain HTTP. */
async function write(text: Promise<string>): Promise<void> {
  if (typeof ClipboardItem === "undefined" || !("write" in navigator.clipboard)) {
    await navigator.clipboard.writeText(await text);
    return;
  }
  const plain = text.then((value) => new Blob([value], { type: "text/plain" }));
  // Whoever promised the text hears that it could not be had; a browser that refuses at once does not listen.
  plain.catch(() => undefined);
  await navigator.clipboard.write([new ClipboardItem({ "text/plain": plain })]);
}

export async function pasteByMenu(editor: EditorHandle, where: Where): Promise<void> {
  let text: string;
  try {
    text = await navigator.clipboard.readText();
  } catch {
    refused(editor, "Paste", "V");
    return;
  }
  await pasteText(editor, text, where);
}

function refused(editor: EditorHandle, deed: string, key: string): void {
  const message = `${deed}: the browser does not let this page at the clipboard from a menu. Press Ctrl ${key} instead.`;
  editor.notify({ code: "clipboard_refused", message }, "warning");
}
