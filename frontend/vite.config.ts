import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Django serves the built files and reads the manifest to find the hashed names of the entry. */
export default defineConfig({
  base: "/static/dist/",
  plugins: [react()],
  build: {
    outDir: "../static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    // Small assets as data: URLs would need a looser Content-Security-Policy than 'self'.
    assetsInlineLimit: 0,
    // The budget is 250 kB compressed for the first load; one file compresses better than many.
    chunkSizeWarningLimit: 700,
    modulePreload: { polyfill: false },
    rollupOptions: { input: ["src/main.tsx", "src/dashboard/main.tsx"] },
  },
  worker: { format: "es" },
  test: {
    environment: "happy-dom",
    environmentOptions: { happyDOM: { width: 1440, height: 900 } },
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
