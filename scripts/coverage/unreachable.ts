type Unreachable = {
  readonly file: string;
  readonly text: string;
  readonly outcome: boolean;
  readonly why: string;
};

/** Branches that no call can take, with the proof. Coverage counts them apart, and complains when one was taken after all. */
export const UNREACHABLE: readonly Unreachable[] = [
  {
    file: "round/RoundItems.sol",
    text: "tag == 0",
    outcome: true,
    why: "needs a payer and a key whose hash ends in 64 zero bits: 2^64 hashes to find, and nothing but a refusal to gain. The check keeps 0 for `no tag`",
  },
  {
    file: "round/RoundItems.sol",
    text: "i < words.length",
    outcome: false,
    why: "_revertNotAWord is called where a word is p or more, and reverts at the first such word: the loop never comes to its end",
  },
];
