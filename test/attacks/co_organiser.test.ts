import { concatHex, encodeAbiParameters, getAddress, type Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { beforeAll, expect, it } from "vitest";
import type { ReadClient } from "../../src/chain/client.ts";
import { create2Address, DEPLOYER, SALT } from "../../src/chain/create2.ts";
import {
  checkEditorRequest,
  decodeEditorRequest,
  editorRequestText,
  encodeEditorRequest,
  MOST_NOTE,
  type EditorRequest,
} from "../../src/chain/editor_request.ts";
import { expectRevert } from "../contracts/support/reverts.ts";
import { makeRecipient, roundFixture, type Setup } from "../contracts/support/round.ts";

/*
 * The attack: a co-organiser turns bad. She makes others editors, or herself the owner; she has a project's match paid to herself; she goes on
 * after she was removed, or after the list was fixed. What she can do until then, an editor may: list projects of her own and withdraw others'.
 */
it("REG-4 an editor gets no further: not to editors, owners and payees, not beyond her removal or the freeze", async () => {
  const setup = await roundFixture()();
  const registry = await setup.viem.getContractAt("ProjectRegistry", setup.registry.address);
  const { account } = setup.stranger;
  const [bad, friend] = [account.address, makeRecipient(77)];
  await registry.write.setEditor([bad, true]);
  const unowned = async () => {
    for (const attempt of [
      () => registry.write.setEditor([friend, true], { account }),
      () => registry.write.setEditor([setup.deployer.account.address, false], { account }),
      () => registry.write.transferOwnership([bad], { account }),
      () => registry.write.setMatchRecipients([[0n], [bad]], { account }),
    ])
      await expectRevert(attempt(), "OwnableUnauthorizedAccount", [bad]);
  };
  await unowned();
  const acts = [
    () => registry.write.addProjects([[bad], ["mine"]], { account }),
    () => registry.write.delist([0n], { account }),
  ];
  await registry.write.setEditor([bad, false]);
  for (const act of acts) await expectRevert(act(), "NotEditor", [bad]);
  await unowned();
  await registry.write.setEditor([bad, true]);
  const before = await Promise.all([
    registry.read.projectCount(),
    registry.read.eligibility([0n]),
    registry.read.everEditors(),
  ]);
  await setup.helpers.time.increaseTo(setup.end);
  for (const act of acts) await expectRevert(act(), "Frozen");
  await expectRevert(registry.write.setEditor([friend, true]), "Frozen");
  expect(
    await Promise.all([
      registry.read.projectCount(),
      registry.read.eligibility([0n]),
      registry.read.everEditors(),
    ]),
  ).toEqual(before);
});

/*
 * The attack: a request is used for what it was not signed for. It is shown again for another round, list or chain, or long after; its account
 * is changed to the attacker's, or its note to somebody whom the owner knows; or it names an account that nobody has.
 */
let setup: Setup;
let request: EditorRequest;
const mei = privateKeyToAccount(generatePrivateKey());
const NOW = 1_800_000_000;
beforeAll(async () => {
  setup = await roundFixture()();
  request = {
    round: { chainId: 31337, address: getAddress(setup.round.address) },
    registry: getAddress(setup.registry.address),
    account: mei.address,
    time: NOW,
    note: "Mei, from the library 圖書館",
  };
});
const sign = async (asked: EditorRequest) => mei.signMessage({ message: editorRequestText(asked) });
const check = async (
  signed: EditorRequest & { readonly signature: Hex },
  place: Partial<Parameters<typeof checkEditorRequest>[2]> = {},
) =>
  checkEditorRequest(
    setup.publicClient as unknown as ReadClient,
    decodeEditorRequest(encodeEditorRequest(signed)),
    { round: request.round, registry: request.registry, now: NOW + 60, ...place },
  );

it("REG-5 a request comes through its link whole, and holds for its own round and list alone", async () => {
  const signed = { ...request, signature: await sign(request) };
  expect(decodeEditorRequest(`https://rounds.example/#/x/${encodeEditorRequest(signed)}`)).toEqual(
    signed,
  );
  await check(signed);
  for (const place of [
    { round: { ...request.round, chainId: 1 } },
    { round: { ...request.round, address: getAddress(makeRecipient(1)) } },
    { registry: getAddress(makeRecipient(1)) },
  ]) {
    await expect(check(signed, place)).rejects.toThrow("The request is for another round");
    // Nor does it help to write the other place into it.
    await expect(check({ ...signed, ...place }, place)).rejects.toThrow("was not signed by");
  }
});

it("REG-5 a changed account, note or time is refused, and so is an account that did not sign", async () => {
  const signature = await sign(request);
  const stranger = privateKeyToAccount(generatePrivateKey());
  for (const change of [
    { account: stranger.address },
    { account: getAddress(makeRecipient(5)) },
    { note: "Your colleague" },
    { time: NOW + 1 },
    { signature: await stranger.signMessage({ message: editorRequestText(request) }) },
    { signature: await mei.signMessage({ message: "Something else" }) },
    { signature: signature.slice(0, -2) as Hex },
  ])
    await expect(check({ ...request, signature, ...change })).rejects.toThrow("was not signed by");
});

it("REG-5 a request is good for thirty days, and not before its time", async () => {
  const signed = { ...request, signature: await sign(request) };
  const [month, hour] = [30 * 86_400, 3_600];
  for (const now of [NOW - hour, NOW + month]) await check(signed, { now });
  for (const now of [NOW - hour - 1, NOW + month + 1])
    await expect(check(signed, { now })).rejects.toThrow("it is valid for 30 days");
});

it("REG-5 one request has one text: whatever is cut, lengthened, written otherwise or hides something is none", async () => {
  const signed = { ...request, signature: await sign(request) };
  const text = encodeEditorRequest(signed);
  expect(text).toMatch(/^[\w-]+$/);
  const padded = { ...signed, note: "ab" }; // its bytes are no multiple of three
  const loose = encodeEditorRequest(padded);
  for (const bad of [
    "",
    "/",
    text.slice(0, -1),
    text.slice(1),
    `${text}A`,
    `${text} x`,
    `${loose}=`,
    `${loose.slice(0, 40)}+${loose.slice(41)}`,
    "A".repeat(13_000),
  ])
    expect(() => decodeEditorRequest(bad), bad.slice(-9)).toThrow("not a whole request");
  for (const note of ["two\nlines", "right\u202eleft", "x".repeat(MOST_NOTE + 1), "圖".repeat(67)])
    expect(() => encodeEditorRequest({ ...signed, note })).toThrow("not a whole request");
  expect(() => encodeEditorRequest({ ...signed, signature: "0x" })).toThrow("not a whole request");
  expect(decodeEditorRequest(loose)).toEqual(padded);
});

/** Answers every call with ERC-1271's word for yes. */
const SAYS_YES: Hex = "0x631626ba7e60e01b60005260206000f3";
/** Puts these 16 bytes where it is made. */
const INIT = concatHex(["0x601080600b6000396000f3", SAYS_YES]);

it("REG-5 a contract's account signs as ERC-1271 says, and one that is not made yet as ERC-6492 says", async () => {
  const wallet = getAddress(makeRecipient(0xc0de));
  const asked = { ...request, account: wallet, signature: `0x${"01".repeat(65)}` as Hex };
  await expect(check(asked)).rejects.toThrow("was not signed by");
  await setup.helpers.setCode(wallet, SAYS_YES);
  await check(asked);
  await setup.helpers.setCode(wallet, "0x60006000fd");
  await expect(check(asked)).rejects.toThrow("was not signed by");

  const wrapped = concatHex([
    encodeAbiParameters(
      [{ type: "address" }, { type: "bytes" }, { type: "bytes" }],
      [DEPLOYER, concatHex([SALT, INIT]), `0x${"01".repeat(65)}`],
    ),
    ERC6492,
  ]);
  await check({ ...request, account: create2Address(INIT), signature: wrapped });
});

/** What ends the signature of an account that is not made yet. */
const ERC6492: Hex = "0x6492649264926492649264926492649264926492649264926492649264926492";
