import { appendFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { defineConfig } from "hardhat/config";
import base from "../../hardhat.config.ts";
import { INSTRUMENTED, HITS } from "./paths.ts";

/** The project's settings with the instrumented sources, which are larger and use more gas, and notes what they report. */
const seen = new Set<string>();
const recorder = {
  id: "coverage-recorder",
  hookHandlers: {
    network: async () => ({
      default: async () => ({
        onCoverageData: async (_context: unknown, tags: string[]) => {
          const fresh = tags.filter((tag) => !seen.has(tag) && seen.add(tag));
          if (fresh.length === 0) return;
          mkdirSync(HITS, { recursive: true });
          appendFileSync(
            path.join(HITS, String(process.pid)),
            fresh.map((tag) => `${Number(BigInt(`0x${tag}`))}\n`).join(""),
          );
        },
      }),
    }),
  },
};

export default defineConfig({
  ...base,
  plugins: [...(base.plugins ?? []), recorder],
  paths: {
    sources: path.join(INSTRUMENTED, "contracts"),
    artifacts: path.join(INSTRUMENTED, "artifacts"),
    cache: path.join(INSTRUMENTED, "cache"),
  },
  networks: {
    default: {
      type: "edr-simulated",
      chainType: "l1",
      hardfork: "prague",
      allowUnlimitedContractSize: true,
      blockGasLimit: 1_000_000_000,
    },
  },
});
