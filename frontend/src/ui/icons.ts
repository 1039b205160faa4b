/** Our icons: 16 x 16, drawn with a 1.5 px stroke and no fill. */
export const ICONS = {
  alignbottom: "M2 13.5h12M4 3h3v8H4zM9.5 6h3v5h-3z",
  aligncentre: "M8 2v2M8 7v2.5M8 12.5V14M3.5 4h9v3h-9zM5.5 9.5h5v3h-5z",
  alignleft: "M2.5 2v12M5 4h8v3H5zM5 9.5h5v3H5z",
  alignmiddle: "M2 8h2M7 8h2.5M12.5 8H14M4 3.5h3v9H4zM9.5 5.5h3v5h-3z",
  alignright: "M13.5 2v12M3 4h8v3H3zM6 9.5h5v3H6z",
  aligntop: "M2 2.5h12M4 5h3v8H4zM9.5 5h3v5h-3z",
  async: "M2.5 4h5a3 3 0 0 1 3 3v6M8 10.5l2.5 2.5 2.5-2.5M2.5 8h3M2.5 12h3",
  base64:
    "M6.5 4.25C4 4.75 2.5 6.75 2.5 9.25a2.1 2.1 0 1 0 4.2 0 2.1 2.1 0 0 0-4-.75M12.25 11.5v-7L8.75 9.5h5.25",
  bell: "M4 10.5V7a4 4 0 0 1 8 0v3.5l1.25 1.75H2.75zM6.75 14h2.5",
  braces:
    "M6 2.5C3.5 2.5 5.5 8 2.75 8 5.5 8 3.5 13.5 6 13.5M10 2.5c2.5 0 .5 5.5 3.25 5.5-2.75 0-.75 5.5-3.25 5.5",
  calendar: "M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2.5v3M10.5 2.5v3M8 9v1.75l1.5.75",
  check: "m3 8.5 3.25 3.25L13 4.75",
  client: "M3 13 13 3M6 3h7v7",
  clock: "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11M8 5v3l2.25 1.5",
  close: "m4 4 8 8M12 4l-8 8",
  code: "M5 4.5 1.75 8 5 11.5M11 4.5 14.25 8 11 11.5M9.25 3l-2.5 10",
  collect: "M3 6v7.5h10V6M8 2v7.5M5.25 7 8 9.75 10.75 7",
  comment: "M2.5 3h11v8H8.5l-3 2.5V11h-3z",
  component: "M8 2 13.5 5v6L8 14 2.5 11V5zM2.5 5 8 8l5.5-3M8 8v6",
  copy: "M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1",
  counter: "M6.25 2.5 5 13.5M11 2.5 9.75 13.5M2.75 6h10.75M2.5 10h10.75",
  debug:
    "M5 8.5a3 3 0 0 1 6 0v2a3 3 0 0 1-6 0zM6 5.5a2 2 0 0 1 4 0M2.5 6.5 5 8M2.5 13 5 11.5M13.5 6.5 11 8M13.5 13 11 11.5M8 8v3",
  down: "m4 6 4 4 4-4",
  edit: "M3 13l.6-2.8 7.3-7.3 2.2 2.2-7.3 7.3zM9.5 4.3l2.2 2.2",
  enter: "M9 2.5h4.5v11H9M2.5 8h7M6.75 5.25 9.5 8l-2.75 2.75",
  filter: "M2.5 3h11L9.5 8.25v4.25l-3 1.25v-5.5z",
  flask: "M6 2.5h4M6.75 2.5v4L3 13.5h10l-3.75-7v-4M4.75 10.25h6.5",
  fingerprint:
    "M4 13c.8-1.6 1-3.2 1-5a3 3 0 0 1 6 0c0 1.6-.1 3-.6 5M8 8c0 2.2-.3 4-1.2 5.75M2.5 10.5c.1-.8.1-1.6.1-2.5a5.4 5.4 0 0 1 8.9-4.1M13.3 6.7c.2 1.9.1 3.6-.2 5.3",
  fit: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  fold: "M2.5 2.5h11v11h-11zM5.5 8h5M8 5.5 5.5 8 8 10.5",
  form: "M2.5 2.5h11v11h-11zM5 5.5h6M5 8h6M5 10.75h3",
  frame: "M2.5 4.5h11v9h-11zM2.5 7h11",
  grip: "M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01",
  group: "M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z",
  hourglass: "M4 2h8M4 14h8M5 2v2.5L8 8l3-3.5V2M5 14v-2.5L8 8l3 3.5V14",
  http: "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11M2.5 8h11M8 2.5c-3.4 3.3-3.4 7.7 0 11M8 2.5c3.4 3.3 3.4 7.7 0 11",
  info: "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11M8 7.5V11M8 5.25h.01",
  inject: "M2.5 8h7M6.75 5.25 9.5 8l-2.75 2.75M12.5 3v10",
  json: "M6 2.5C3.5 2.5 5.5 8 2.75 8 5.5 8 3.5 13.5 6 13.5M10 2.5c2.5 0 .5 5.5 3.25 5.5-2.75 0-.75 5.5-3.25 5.5M8 6.25h.01M8 9.75h.01",
  keyboard: "M2 4h12v8H2zM4.5 6.5h.01M7 6.5h.01M9.5 6.5h.01M12 6.5h.01M5 9.5h6",
  keyvalue: "M5 8.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5M6.8 9.2 13 3M10.5 5.5l2 2",
  leave: "M7 2.5H2.5v11H7M6.5 8h7M10.75 5.25 13.5 8l-2.75 2.75",
  left: "m10 4-4 4 4 4",
  list: "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01",
  mail: "M2 4h12v8.5H2zM2 4.5l6 4.75 6-4.75",
  merge: "M2 4h2.5C8 4 7 8 10.5 8H14M2 12h2.5C8 12 7 8 10.5 8M12 6l2 2-2 2",
  minus: "M3 8h10",
  monitor: "M2.5 3h11v7.5h-11zM6 13.5h4M8 10.5v3",
  moon: "M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5z",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  pin: "M6 2.5h4l-.5 4 2 2.5h-7l2-2.5zM8 9v4.5",
  play: "M5 3.5 12 8l-7 4.5z",
  plus: "M8 3v10M3 8h10",
  redo: "m10 2.75 3 3-3 3M13 5.75H7a3.75 3.75 0 0 0 0 7.5h2.5",
  reply: "M6 4 2.5 7.5 6 11M2.5 7.5H9a4.5 4.5 0 0 1 4.5 4.5",
  retry: "M13 8a5 5 0 1 1-1.6-3.67M13.25 2v3h-3",
  right: "m6 4 4 4-4 4",
  router: "M2 8h3c3 0 2.5-4 5.5-4H14M5 8c3 0 2.5 4 5.5 4H14M12 2l2 2-2 2M12 10l2 2-2 2",
  search: "M7 2.75a4.25 4.25 0 1 1 0 8.5 4.25 4.25 0 0 1 0-8.5M10.25 10.25l3.25 3.25",
  shield: "M8 2 13 3.75V8c0 2.9-2 4.9-5 6-3-1.1-5-3.1-5-6V3.75zM5.75 8l1.6 1.6L10.5 6.5",
  signal: "M9 1.75 3.5 9H8l-1 5.25L12.5 7H8z",
  split: "M2 8h4M6 3.5v9M6 3.5h8M6 8h8M6 12.5h8",
  spreadacross: "M2.5 2.5v11M13.5 2.5v11M6.5 4.5h3v7h-3z",
  spreaddown: "M2.5 2.5h11M2.5 13.5h11M4.5 6.5h7v3h-7z",
  sql: "M8 2c2.8 0 5 .9 5 2s-2.2 2-5 2-5-.9-5-2 2.2-2 5-2M3 4v8c0 1.1 2.2 2 5 2s5-.9 5-2V4M3 8c0 1.1 2.2 2 5 2s5-.9 5-2",
  star: "m8 2.5 1.7 3.45 3.8.55-2.75 2.7.65 3.8L8 11.2 4.6 13l.65-3.8L2.5 6.5l3.8-.55z",
  stepback: "M11.5 4v8L5.5 8zM4 4v8",
  stepforward: "M4.5 4v8l6-4zM12 4v8",
  stop: "M4.5 4.5h7v7h-7z",
  sun: "M8 5.25a2.75 2.75 0 1 1 0 5.5 2.75 2.75 0 0 1 0-5.5M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7",
  ticker: "M1.5 8H4l2.25-4.75 3.5 9.5L12 8h2.5",
  table: "M2.5 3h11v10h-11zM2.5 6.5h11M6.5 6.5V13M2.5 9.75h11",
  transform: "M2.5 2.5h5v5h-5zM11 8.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5M9.5 5H11v1.5M5 9.5V11h1.5",
  trash: "M2.5 4.5h11M6 4.5V2.75h4V4.5M4 4.5l.6 9h6.8l.6-9M6.75 7v4M9.25 7v4",
  undo: "M6 2.75 3 5.75l3 3M3 5.75h6a3.75 3.75 0 0 1 0 7.5H6.5",
  up: "m4 10 4-4 4 4",
} as const;

/** Other names that components may use for the same drawing. */
const ALIASES: Record<string, IconName> = {
  bug: "debug",
  globe: "http",
  database: "sql",
};

export type IconName = keyof typeof ICONS;

/** Category of the catalogue -> tint of the tile; unknown ones stay grey. */
const TINTS: Record<string, string> = {
  sources: "source",
  source: "source",
  http: "http",
  flow: "flow",
  state: "state",
  data: "data",
  notify: "notify",
  observe: "notify",
  tools: "notify",
  "notify and observe": "notify",
};

export function tintOf(category: string): string {
  return TINTS[category.toLowerCase()] ?? "plain";
}

const CATEGORY_ICONS: Record<string, IconName> = {
  source: "signal",
  http: "http",
  flow: "router",
  state: "counter",
  data: "braces",
  notify: "bell",
};

/** The icon a component asks for, else one of its category, else the plain box. */
export function iconOf(icon: string, category: string): IconName {
  if (Object.hasOwn(ICONS, icon)) return icon as IconName;
  return ALIASES[icon] ?? CATEGORY_ICONS[tintOf(category)] ?? "component";
}
