import type { Locator, Page } from "playwright-core";
import { roundHref } from "../../../frontend/src/router.ts";
import type { Address } from "viem";
import { shoot } from "./browser.ts";
import type { TestWallet } from "./wallet.ts";

export const at = (
  url: string,
  round: Address,
  view: Parameters<typeof roundHref>[2] = "projects",
): string => `${url}/${roundHref(31337, round, view)}`;

/** Types a passphrase, makes the key and returns its picture's drawing. */
export async function makeKey(
  page: Page,
  passphrase: string,
  { first }: { readonly first: boolean },
): Promise<string> {
  await page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
  if (first) await page.getByLabel("Passphrase once more").fill(passphrase);
  await page.getByRole("button", { name: "Make my key" }).click();
  const seal = page.getByRole("img", { name: "The picture of your key" });
  await seal.waitFor();
  return seal.innerHTML();
}

export type Gifts = Readonly<Record<string, string>>;

/** Where an amount is typed, or credits where nobody pays. */
export const amountFor = (page: Page, name: string): Locator =>
  page.getByLabel(`Amount for ${name}`).or(page.getByLabel(`Credits for ${name}`));

/** From the list of projects to what each shall get. */
export async function fillAmounts(page: Page, gifts: Gifts): Promise<void> {
  for (const name of Object.keys(gifts))
    await page.getByRole("button", { name: `Choose ${name}`, exact: true }).click();
  await page.getByRole("link", { name: /^(Give|Vote)$/ }).click();
  for (const [name, amount] of Object.entries(gifts)) await amountFor(page, name).fill(amount);
}

/** From the list of projects to the sealed ballot. */
export async function sealBallot(page: Page, gifts: Gifts, passphrase: string): Promise<string> {
  await fillAmounts(page, gifts);
  await page.getByText("This account may take part and has enough.").waitFor();
  await shoot(page, "give-amounts");
  await page.getByRole("button", { name: "Continue" }).click();
  const seal = await makeKey(page, passphrase, { first: true });
  await shoot(page, "give-key");
  await page.getByRole("button", { name: "Seal my ballot" }).click();
  await page.getByText("Switch away from").waitFor();
  return seal;
}

/** After a reload: what is sealed on the device opens with the signature of the account that the wallet is on. */
export const openSealed = (page: Page): Promise<void> =>
  page.getByRole("button", { name: "Open it" }).click();

/** The two presses after sealing, and what shows that each came through. */
export const pressSend = (page: Page): Promise<void> =>
  page.getByRole("button", { name: /^Send from 0x/ }).click();
export const pressGive = (page: Page): Promise<void> =>
  page.getByRole("button", { name: /^(Give|Vote) from 0x/ }).click();
export const sentOut = (page: Page): Promise<void> => page.getByText("Switch back to").waitFor();
export const thanked = (page: Page): Promise<void> =>
  page.getByRole("heading", { name: /^Thank you\. Your (gift|vote) is in\.$/ }).waitFor();

export const changed = (page: Page): Promise<void> =>
  page.getByRole("heading", { name: "Your new ballot is on the chain." }).waitFor();

/** The sealed ballot goes out from another account, then the gift from the donor's. */
export async function sendAndGive(
  page: Page,
  wallet: TestWallet,
  { donor, other }: { readonly donor: string; readonly other: string },
): Promise<void> {
  await shoot(page, "give-publish");
  await wallet.choose(other);
  await pressSend(page);
  await sentOut(page);
  await shoot(page, "give-pay");
  await wallet.choose(donor);
  await pressGive(page);
  await thanked(page);
  await shoot(page, "give-done");
}

/** Who has given: what the new ballot shall say, up to the next step. */
export async function planChange(page: Page, gifts: Gifts): Promise<void> {
  for (const [name, amount] of Object.entries(gifts)) {
    await page.getByLabel(/^Add (a project|an option)$/).selectOption({ label: name });
    await amountFor(page, name).fill(amount);
  }
  await page.getByRole("button", { name: "Continue" }).click();
}

/** A new ballot under a passphrase, by the account that the wallet is on, sent from `other`. */
export async function changeBallot(
  page: Page,
  wallet: TestWallet,
  { gifts, ...seal }: { readonly gifts: Gifts } & Parameters<typeof sealChange>[2],
): Promise<string> {
  await planChange(page, gifts);
  return sealChange(page, wallet, seal);
}

/** From the planned ballot to where the chain has it for good. */
export async function sealChange(
  page: Page,
  wallet: TestWallet,
  {
    passphrase,
    other,
    next,
    picture,
  }: {
    readonly passphrase: string;
    readonly other: string;
    readonly next?: string;
    readonly picture?: string;
  },
): Promise<string> {
  const seal = await makeKey(page, passphrase, { first: false });
  if (picture !== undefined) await page.getByText(picture, { exact: true }).waitFor();
  if (next !== undefined) {
    await page.getByLabel("Change my passphrase too").click();
    await page.getByLabel("New passphrase").fill(next);
    await page.getByLabel("Passphrase once more").fill(next);
    await page.getByRole("button", { name: "Make my key" }).click();
    await page
      .getByText("This is the picture of your key. Remember its look and its words.")
      .waitFor();
  }
  await page.getByRole("button", { name: "Seal my ballot" }).click();
  await page.getByText("Any account may send it").waitFor();
  await wallet.choose(other);
  await pressSend(page);
  await changed(page);
  return seal;
}
