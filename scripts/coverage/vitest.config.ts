import { mergeConfig } from "vitest/config";
import base from "../../vitest.config.ts";
import { ROOT } from "../pipeline/paths.ts";
import { INSTRUMENTED_BYTECODE } from "./paths.ts";

/** The tests' settings, with the instrumented contracts' bytecode in place of the build's. */
export default mergeConfig(base, {
  root: ROOT,
  plugins: [
    {
      name: "instrumented-bytecode",
      enforce: "pre" as const,
      resolveId: (id: string) =>
        id.endsWith("/generated/bytecode.ts") ? INSTRUMENTED_BYTECODE : undefined,
    },
  ],
});
