import { expect } from "vitest";
import type { Watched } from "./browser.ts";

/** The page says why it does not vouch for what was opened, and shows nothing that could be pressed but another try. */
export async function expectRefused({ page, errors }: Watched, why: string): Promise<void> {
  await page.getByText("This is not a round that this page can vouch for.").waitFor();
  await page.getByText(why).waitFor();
  expect(await page.locator("main").getByRole("button").allInnerTexts()).toEqual(["Try again"]);
  expect(await page.locator("main").getByRole("textbox").count()).toBe(0);
  expect(await page.locator("main").getByRole("link").count()).toBe(0);
  expect(errors).toEqual([]);
}
