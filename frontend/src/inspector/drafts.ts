import { Drafts } from "../forms/draft/drafts";

/** Of the whole page, so that selecting another node and coming back finds what was typed. */
export const drafts = new Drafts();
