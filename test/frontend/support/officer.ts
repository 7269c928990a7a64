import type { Page } from "playwright-core";

/** What an organiser says beyond the usual settings of a kind of round. */
export type Wishes = {
  /** As the wizard calls the kind. */
  readonly kind: string;
  readonly name: string;
  /** Accounts, one a line. */
  readonly people?: string;
  /** A table. */
  readonly projects?: string;
  /** As the wizard takes them. */
  readonly prizes?: string;
  readonly guardian?: string;
  /** Where money goes that donors leave, unless it is shared. */
  readonly remainderTo?: string;
  /** What a number that is voted on is called; it goes from 18 by half a degree within 15 and 25. */
  readonly number?: string;
};

export const next = (page: Page): Promise<void> =>
  page.getByRole("button", { name: "Next", exact: true }).click();

export const onStep = (page: Page, title: string): Promise<void> =>
  page.getByRole("heading", { name: title, level: 2, exact: true }).waitFor();

/** Pastes into the field with this label, and waits for what was read of it. */
export async function paste(
  page: Page,
  label: string,
  { text, read }: { readonly text: string; readonly read: RegExp },
): Promise<void> {
  await page.getByLabel(label, { exact: true }).and(page.locator("textarea")).fill(text);
  await page.getByText(read).waitFor();
}

/** From the wizard's first step to its review. `see` is shown each step before it is left. */
export async function fillWizard(
  page: Page,
  { kind, name, people, projects, prizes, guardian, remainderTo, number }: Wishes,
  see: (step: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const leave = async (step: string, following: string) => {
    await see(step);
    await next(page);
    await onStep(page, following);
  };
  await page.getByRole("radio", { name: kind }).check();
  await leave("preset", "Name and texts");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await leave("about", "Dates");
  await leave("dates", "Money");
  // The token is asked for its decimals.
  await page.getByText(/A credit costs|credits are/).waitFor();
  await leave("money", "Who takes part");
  if (people !== undefined)
    await paste(page, "The list", { text: people, read: /accounts, all of them read/ });
  await leave("people", "Projects");
  if (projects !== undefined) {
    await page.getByRole("radio", { name: "Now, from a table" }).check();
    await paste(page, "The table", { text: projects, read: /projects, all of them read/ });
  }
  if (number !== undefined) {
    await page.getByLabel("What is it?").fill(number);
    await page.getByLabel("It starts at").fill("18");
    await page.getByLabel("One vote moves it by").fill("0.5");
    await page.getByLabel("Never below").fill("15");
    await page.getByLabel("Never above").fill("25");
    await page.getByLabel("Unit (optional)").fill("°C");
  }
  await leave("projects", "How the pool is divided");
  if (prizes !== undefined) await page.getByLabel("the first place first").fill(prizes);
  if (remainderTo !== undefined)
    await page.getByLabel("Account for what is left over").fill(remainderTo);
  await leave("rule", "Who counts");
  if (guardian !== undefined) await page.getByLabel("Guardian (optional)").fill(guardian);
  await leave("coordinator", "Review and create");
  await see("review");
}
