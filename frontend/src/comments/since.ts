import { ago } from "../inspector/control/ago";

/** How long ago that was, as of now. */
export function since(at: string): string {
  return ago(Date.now() - Date.parse(at));
}
