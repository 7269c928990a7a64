import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const library = fileURLToPath(new URL("../src/", import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  // Relative addresses: the page works from any folder of any static server.
  base: "./",
  plugins: [react(), tailwindcss()],
  worker: {
    format: "es",
    rolldownOptions: { treeshake: { moduleSideEffects: withoutSideEffects } },
  },
  build: {
    outDir: fileURLToPath(new URL("../build/page", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    // The policy allows no data: addresses, so small files stay files.
    assetsInlineLimit: 0,
    // Tailwind's own floor; below it, what styles.css says is translated.
    cssTarget: ["chrome111", "safari16.4", "firefox128"],
    manifest: true, // for scripts/page/first_words.ts
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      treeshake: { moduleSideEffects: withoutSideEffects },
      // Errors are told apart by their classes' names (ui/problem.ts).
      output: {
        minify: {
          mangle: { keepNames: { class: true, function: false } },
          compress: { keepNames: { class: true, function: false } },
        },
      },
    },
  },
});

/** The library's files only define things, so what a page does not use of src/index.ts, the prover above all, stays out of it. */
function withoutSideEffects(id: string): boolean {
  return (
    !id.startsWith(library) &&
    !/node_modules\/(snarkjs|ffjavascript|poseidon-lite|csv-parse|@scure\/bip39)\//.test(id)
  );
}
