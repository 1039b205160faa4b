import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** Rooms of `src` from the lowest up: a room may import from itself and from the rooms listed for it. */
const MAY_IMPORT = {
  core: [],
  api: ["core"],
  ui: ["core"],
  live: ["core", "api"],
  forms: ["core", "ui", "live"],
  editing: ["core", "live", "forms"],
  canvas: ["core", "ui", "live", "editing"],
  actions: ["core", "ui", "live", "editing", "canvas", "scenarios"],
  shell: ["core", "ui", "live", "canvas", "actions", "problems", "scenarios"],
  share: ["core", "api", "ui", "live", "canvas", "shell"],
  about: ["core", "ui", "live"],
  palette: ["core", "ui", "live", "editing", "canvas", "actions", "about"],
  find: ["core", "ui", "live", "canvas", "actions"],
  table: ["core", "ui", "live", "canvas", "actions"],
  drawer: ["core", "ui", "live"],
  scenarios: ["core", "api", "ui", "live", "forms", "drawer"],
  comments: ["core", "api", "ui", "live", "drawer", "inspector"],
  versions: ["core", "api", "ui", "live", "canvas", "drawer"],
  problems: ["core", "ui", "live", "drawer", "scenarios"],
  debug: ["core", "ui", "live", "actions", "drawer", "scenarios"],
  runs: ["core", "ui", "live", "canvas", "actions", "drawer", "scenarios"],
  presence: ["core", "ui", "live", "actions"],
  inspector: [
    "core",
    "api",
    "ui",
    "live",
    "forms",
    "editing",
    "problems",
    "debug",
    "actions",
    "scenarios",
    "about",
  ],
  mapping: ["core", "api", "ui", "live", "forms", "actions", "drawer", "inspector", "scenarios"],
};
const ROOMS = Object.keys(MAY_IMPORT);

function layer(room) {
  const closed = ROOMS.filter((other) => other !== room && !MAY_IMPORT[room].includes(other));
  const patterns = [
    {
      group: closed.flatMap((other) => [`**/../${other}`, `**/../${other}/**`]),
      message: `${room}/ may import from: ${MAY_IMPORT[room].join(", ") || "itself only"}.`,
    },
  ];
  if (room === "core" || room === "api") {
    patterns.push({
      group: ["react", "react-dom", "react/**", "react-dom/**", "@xyflow/**"],
      message: `${room}/ stays free of any framework.`,
    });
  }
  return { files: [`src/${room}/**`], rules: { "no-restricted-imports": ["error", { patterns }] } };
}

export default tseslint.config(
  { ignores: ["node_modules"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  hooks.configs.flat["recommended-latest"],
  {
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "max-lines": ["error", 400],
      eqeqeq: "error",
      "no-console": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
    },
  },
  ...ROOMS.map(layer),
);
