// VitePress over build/docs-source, which scripts/docs.ts fills. Everything is on the site: no font, script or search of others.
import { defineConfig } from "vitepress";

const page = (text: string, link: string) => ({ text, link });

export default defineConfig({
  title: "Tacit",
  description: "Quadratic funding with secret ballots and an on-chain proof of the result",
  outDir: "../docs",
  cacheDir: "../docs-cache",
  cleanUrls: false,
  lastUpdated: false,
  themeConfig: {
    search: { provider: "local" },
    nav: [
      page("Guides", "/guides/donor"),
      page("Reference", "/reference/index"),
      page("Specification", "/SPEC"),
    ],
    sidebar: [
      {
        text: "Guides",
        items: [
          "donor",
          "organiser",
          "payout-rules",
          "gates",
          "coordinator",
          "verifier",
          "integrator",
          "contributor",
        ].map((name) =>
          page(name[0]?.toUpperCase() + name.slice(1).replace("-", " "), `/guides/${name}`),
        ),
      },
      {
        text: "Reference",
        items: [
          page("tacit", "/reference/tacit"),
          page("tacit/donor", "/reference/tacit/donor"),
          page("tacit/verify", "/reference/tacit/verify"),
          page("tacit/coordinator", "/reference/tacit/coordinator"),
        ],
      },
      {
        text: "How it works",
        items: [
          ["Architecture", "ARCHITECTURE"],
          ["Specification", "SPEC"],
          ["Threat model", "THREAT-MODEL"],
          ["Audit", "AUDIT"],
        ].map(([text = "", file = ""]) => page(text, `/${file}`)),
      },
      {
        text: "Running it",
        items: [
          ["Operating", "OPERATING"],
          ["Ceremony", "CEREMONY"],
          ["Page", "PAGE"],
          ["Scaling", "SCALING"],
        ].map(([text = "", file = ""]) => page(text, `/${file}`)),
      },
    ],
  },
});
