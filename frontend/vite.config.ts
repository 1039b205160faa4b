import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Names for developer tools alone: set at the library's top, they would keep parts that nobody imports. */
const withoutDisplayNames: Plugin = {
  name: "without-display-names",
  transform: {
    filter: { id: /@xyflow\/react\/dist\/esm\/index\.js/ },
    handler: (code) => code.replace(/^\w+\.displayName = '\w+';$/gm, ""),
  },
};

/** Django serves the built files and reads the manifest to find the hashed names of the entry. */
export default defineConfig({
  base: "/static/dist/",
  plugins: [react(), withoutDisplayNames],
  build: {
    outDir: "../static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    // Small assets as data: URLs would need a looser Content-Security-Policy than 'self'.
    assetsInlineLimit: 0,
    // The first load has a budget (tests/house/test_first_load.py); one file compresses better than many.
    chunkSizeWarningLimit: 700,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: ["src/main.tsx", "src/dashboard/main.tsx"],
      // Calls that only make something: what is made and not used is left out.
      treeshake: { manualPureFunctions: ["memo", "forwardRef", "fixedForwardRef", "createContext"] },
    },
  },
  worker: { format: "es" },
  test: {
    environment: "happy-dom",
    environmentOptions: { happyDOM: { width: 1440, height: 900 } },
    // On a busy machine. What a test waits for has its own bound, below this one.
    testTimeout: 30_000,
    restoreMocks: true,
    unstubGlobals: true,
    // A document and all modules anew for each file take longer than most files do: what draws nothing shares them.
    projects: [
      { extends: true, test: { name: "logic", include: ["src/**/*.test.ts"], isolate: false } },
      {
        extends: true,
        test: { name: "pages", include: ["src/**/*.test.tsx"], setupFiles: ["src/patience.ts"] },
      },
    ],
  },
});
