import type { Page } from "playwright-core";
import { parseAbi, type Address } from "viem";
import { expect, test } from "vitest";
import { setEditor } from "../../src/chain/editors.ts";
import { decodeEditorRequest, encodeEditorRequest } from "../../src/chain/editor_request.ts";
import { listProjects } from "../../src/chain/projects.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { DESKTOP, PHONE, shoot } from "./support/browser.ts";
import { at } from "./support/donor.ts";
import { readRoundConfig } from "./support/site.ts";
import { openStage } from "./support/stage.ts";

const stage = openStage();
const view = (round: Address, name: "join" | "organise") => at(stage.site.url, round, name);
const request = (page: Page) => page.getByLabel("The link with your request").inputValue();

/** Opens the invitation as somebody, and asks. */
async function ask(
  name: string,
  invitation: string,
  note: string,
  device: typeof PHONE | typeof DESKTOP,
) {
  const visit = await stage.visit(name, invitation, device);
  await visit.page.getByLabel("Who are you?").fill(note);
  await visit.page.getByRole("button", { name: "Ask to join" }).click();
  await visit.page.getByText("You have signed.").waitFor();
  return { ...visit, link: await request(visit.page) };
}

test("REG-4 REG-5 the owner invites by a link, a co-organiser asks with her signature, is added, works on the list, and is removed", async () => {
  const { chain, deployment } = stage.site;
  const round = await stage.site.newRound();
  const { registry } = await readRoundConfig(chain, round);
  const mei = devnetAddress("Mei");

  const owner = await stage.visit("Organiser", view(round, "organise"), DESKTOP);
  await owner.page.getByText("Invite a co-organiser").click();
  const code = owner.page.getByRole("img", { name: "The invitation as a code" });
  await code.waitFor();
  await code.scrollIntoViewIfNeeded();
  await shoot(owner.page, "coorg-invite-desktop");
  const invitation = view(round, "join");
  await owner.page.getByRole("link", { name: invitation }).waitFor();
  // The owner who opens it herself is told what it is.
  await owner.page.goto(invitation);
  await owner.page.getByText("You own this list. This page is the invitation.").waitFor();

  const helper = await stage.visit("Mei", invitation, { ...PHONE });
  await helper.page.getByText("Take projects off the list, for good").waitFor();
  await shoot(helper.page, "coorg-join-phone");
  await helper.page.getByLabel("Who are you?").fill("x".repeat(201));
  await helper.page.getByText("That is 201 bytes; at most 200 fit.").waitFor();
  await helper.page.getByLabel("Who are you?").fill("Mei, from the library");
  helper.wallet.declineNext();
  await helper.page.getByRole("button", { name: "Ask to join" }).click();
  await helper.page.getByRole("alert").waitFor();
  await helper.page.getByRole("button", { name: "Ask to join" }).click();
  await helper.page.getByText("You have signed.").waitFor();
  await shoot(helper.page, "coorg-asked-phone");
  const link = await request(helper.page);
  expect(helper.wallet.asked).not.toContain("eth_sendTransaction");

  // Whoever else opens the link can do nothing with it.
  await helper.page.goto(link);
  await helper.page.getByText("Only the owner of the list,").waitFor();

  await owner.page.goto(link);
  await owner.page.getByText("Mei, from the library").waitFor();
  await owner.page.getByText(mei).first().waitFor();
  await shoot(owner.page, "coorg-request-desktop");
  await owner.page.getByRole("button", { name: "Add as a co-organiser" }).click();
  const dialog = owner.page.getByRole("dialog");
  await dialog.getByText(mei).waitFor();
  await dialog.getByText("You can remove it again until").waitFor();
  await shoot(owner.page, "coorg-add-desktop", false);
  await dialog.getByRole("button", { name: "Add as a co-organiser" }).click();
  await owner.page.getByText("This account is a co-organiser.").waitFor();
  await owner.page.getByText("Tell the person: from now on the page “Organise”").waitFor();

  await helper.page.goto(view(round, "organise"));
  await helper.page.getByText("You are a co-organiser of this round").waitFor();
  await helper.page.getByText("Co-organiser: you").waitFor();
  expect(await helper.page.getByText("Invite a co-organiser").count()).toBe(0);
  await shoot(helper.page, "coorg-list-phone");
  await helper.page.getByLabel("Name", { exact: true }).fill("A bench by the pond");
  await helper.page.getByLabel("Address that is paid").fill(devnetAddress("bench"));
  await helper.page.getByRole("button", { name: "Add to the list" }).click();
  const names = async () =>
    (
      await listProjects(chain.read, { registry, documents: deployment.documents, fromBlock: 0n })
    ).map(({ name, eligible }) => [name, eligible] as const);
  await expect.poll(async () => (await names()).at(-1)).toEqual(["A bench by the pond", true]);

  await owner.page.goto(view(round, "organise"));
  await owner.page.getByRole("button", { name: /^Remove 0x/ }).click();
  await shoot(owner.page, "coorg-remove-desktop", false);
  await owner.page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await owner.page.getByText("Could change the list before, and cannot any more").waitFor();
  await helper.page.reload();
  await helper.page.getByText("This round is organised by").waitFor();
  // Her old link is not taken for a new one.
  await owner.page.goto(link);
  await owner.page
    .getByText("This account could change the list before, and was removed.")
    .waitFor();
  await owner.leave();
  await helper.leave();
});

test("REG-5 a request that was altered, cut, forged, or made for another round is refused by name", async () => {
  const [round, other] = [await stage.site.newRound(), await stage.site.newRound()];
  const { link, leave } = await ask("Mei", view(round, "join"), "Mei", DESKTOP);
  await leave();
  const text = link.slice(link.lastIndexOf("/") + 1);
  const asked = decodeEditorRequest(text);
  const owner = await stage.visit("Organiser", view(round, "organise"), {
    ...PHONE,
    colorScheme: "dark",
  });
  const says = async (hash: string, words: string) => {
    await owner.page.goto(hash);
    await owner.page.getByText(words).waitFor();
    expect(await owner.page.getByRole("button", { name: "Add as a co-organiser" }).count()).toBe(0);
  };
  const join = view(round, "join");
  await says(`${view(other, "join")}/${text}`, "This request is for another round.");
  await shoot(owner.page, "coorg-other-phone");
  await says(`${join}/${text.slice(0, -5)}`, "This link is not whole.");
  await says(`${join}/%20`, "This link is not whole.");
  for (const change of [{ account: devnetAddress("stranger") }, { note: "Your colleague" }])
    await says(
      `${join}/${encodeEditorRequest({ ...asked, ...change })}`,
      "This request is forged or was changed.",
    );
  await says(
    `${join}/${encodeEditorRequest({ ...asked, time: asked.time - 31 * 86_400 })}`,
    "This request is forged or was changed.",
  );
  await owner.page.goto(link);
  await owner.page.getByRole("button", { name: "Add as a co-organiser" }).waitFor();
  await shoot(owner.page, "coorg-request-dark-phone");
  await owner.leave();
});

test("REG-4 whoever opens the invitation to a list that has no owner any more is not let ask in vain", async () => {
  const { chain } = stage.site;
  const round = await stage.site.newRound();
  const { registry } = await readRoundConfig(chain, round);
  const owner = await chain.as("Organiser");
  await owner.wallet.writeContract({
    address: registry,
    abi: parseAbi(["function renounceOwnership()"]),
    functionName: "renounceOwnership",
    chain: null,
  });
  const helper = await stage.visit("Mei", view(round, "join"), PHONE);
  await helper.page.getByText("The list has no owner any more").waitFor();
  expect(await helper.page.getByRole("button", { name: "Ask to join" }).count()).toBe(0);
  await helper.leave();
});

test("REG-4 a wallet that signs with another account is told so; once the list is fixed nobody joins", async () => {
  const { chain } = stage.site;
  const round = await stage.site.newRound();
  const { registry, end } = await readRoundConfig(chain, round);
  const helper = await stage.visit("Mei", view(round, "join"), DESKTOP);
  helper.wallet.signAs(async (_, text) =>
    (await chain.as("stranger")).wallet.signMessage({ message: { raw: text } }),
  );
  await helper.page.getByRole("button", { name: "Ask to join" }).click();
  await helper.page.getByText("The wallet has signed with another account.").waitFor();
  const owner = await chain.as("Organiser");
  await setEditor(owner, { registry, account: devnetAddress("Mei"), may: true });
  await helper.page.reload();
  await helper.page.getByText("This account is a co-organiser.").waitFor();
  await chain.warpTo(end);
  await helper.page.reload();
  await helper.page.getByText("Nobody can join any more").waitFor();
  await helper.page.goto(view(round, "organise"));
  await helper.page.getByText("The list of projects was open to changes until").waitFor();
  await helper.page.getByText("About its list of projects there is nothing left to do.").waitFor();
  await shoot(helper.page, "coorg-fixed-desktop");
  await helper.leave();
});
