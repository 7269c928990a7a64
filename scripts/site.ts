// npm run site -- --config site.json --out folder: the page as static files (docs/PAGE.md).
import path from "node:path";
import { parseArgs } from "node:util";
import { BaseError } from "../src/errors.ts";
import { developmentNotice, openArtifacts } from "../src/proofs/artifacts.ts";
import { showError } from "../src/cli/program.ts";
import { exportSite } from "./page/export_site.ts";
import { BUILD } from "./pipeline/paths.ts";

const USAGE =
  "npm run site -- --config site.json --out folder [--artifacts folder] [--content folder]";

try {
  const { values } = parseArgs({
    options: {
      config: { type: "string" },
      out: { type: "string" },
      artifacts: { type: "string" },
      content: { type: "string" },
    },
  });
  if (values.config === undefined || values.out === undefined)
    throw new TypeError("--config and --out are needed");
  const out = path.resolve(values.out);
  const artifacts = await openArtifacts(values.artifacts ?? BUILD);
  const { content } = values;
  const hash = await exportSite({
    configFile: path.resolve(values.config),
    out,
    artifacts,
    content,
    onShared: console.error,
  });
  const notice = developmentNotice(artifacts);
  if (notice !== undefined) console.error(notice);
  console.log(out);
  console.log(`sha256 ${hash}`);
  process.exit(0);
} catch (error) {
  console.error(
    error instanceof BaseError ? showError(error, false) : `${(error as Error).message}\n${USAGE}`,
  );
  process.exit(error instanceof BaseError ? 1 : 2);
}
