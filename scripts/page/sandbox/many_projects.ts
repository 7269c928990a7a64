import type { SandboxProject } from "./projects.ts";
import { SANDBOX_PROJECTS } from "./projects.ts";

/** Characters of a description: what applicants to real rounds write, from a few lines to a page. */
const [SHORTEST, LONGEST] = [300, 1_500];

/** As many projects as in the largest rounds, each with a text of its own, which does not compress as a repeated one would. The same each time. */
export function manyProjects(count: number): readonly SandboxProject[] {
  let state = 1;
  const below = (bound: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
  const syllables = "ka re mi to lu sen ba dor ne vi gra pel o sta ri".split(" ");
  const word = (): string =>
    Array.from({ length: 1 + below(4) }, () => syllables[below(syllables.length)]).join("");
  const text = (length: number): string => {
    let made = word();
    while (made.length < length) made += `${below(12) === 0 ? "." : ""} ${word()}`;
    return `${made}.`;
  };
  return Array.from({ length: count }, (_, i) => {
    const [name, summary, goals, topics] = SANDBOX_PROJECTS[
      i % SANDBOX_PROJECTS.length
    ] as SandboxProject;
    const description = `${summary}\n\n${text(SHORTEST + below(LONGEST - SHORTEST))}`;
    return [`${name} ${i + 1}`, description, goals, topics];
  });
}
