import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const library = fileURLToPath(new URL("../src/", import.meta.url));

/** Errors are told apart by their classes' names (ui/problem.ts), those of workers too. */
const KEEP_CLASS_NAMES = {
  mangle: { keepNames: { class: true, function: false } },
  compress: { keepNames: { class: true, function: false } },
};

// Three documents. The verifier, and the result that others frame, are built apart from the page (scripts/page/build_page.ts): files that they share
// with it would be cut into more pieces, which every donor would load.
const DOCUMENTS = { production: ["index.html"], apart: ["verify.html", "embed.html"] };

/**
 * What is always loaded together lies together, each with all that it imports and that is in none before it: a slow line waits for each file
 * anew, and fifty small ones are more to read than two large ones.
 */
const TOGETHER = ["main", "root"].map((name, i) => ({
  name,
  test: new RegExp(`/frontend/src/${name}\\.tsx$`),
  priority: 1 - i,
}));

export default defineConfig(({ mode }) => ({
  root: fileURLToPath(new URL(".", import.meta.url)),
  // Relative addresses: the page works from any folder of any static server.
  base: "./",
  plugins: [react(), tailwindcss()],
  worker: {
    format: "es",
    rolldownOptions: {
      treeshake: { moduleSideEffects: withoutSideEffects },
      output: { minify: KEEP_CLASS_NAMES },
    },
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
      input: DOCUMENTS[mode as keyof typeof DOCUMENTS].map((name) =>
        fileURLToPath(new URL(name, import.meta.url)),
      ),
      treeshake: { moduleSideEffects: withoutSideEffects },
      output: { minify: KEEP_CLASS_NAMES, codeSplitting: { groups: TOGETHER } },
    },
  },
}));

/** The library's files only define things, so what a page does not use of src/index.ts, the prover above all, stays out of it. */
function withoutSideEffects(id: string): boolean {
  return (
    !id.startsWith(library) &&
    !/node_modules\/(snarkjs|ffjavascript|poseidon-lite|csv-parse|@scure\/bip39|@semaphore-protocol|@zk-kit|buffer|base64-js|ieee754)\//.test(
      id,
    )
  );
}
