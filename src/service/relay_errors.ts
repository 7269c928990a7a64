import { BaseError } from "../errors.ts";

export class MessageRefusedError extends BaseError {
  constructor(why: string) {
    super(`The message is refused: ${why}.`, {
      fix: "Send what `createMessages` makes for this round: 11 words below p, the first two a point of the curve.",
    });
  }
}

export class ContributionRefusedError extends BaseError {
  constructor(why: string) {
    super(`The relay does not send this contribution: ${why}.`, {
      fix: "It sends those of rounds without money, which a gate admits by a proof that names the tag, for its own account as payer.",
    });
  }
}

export class RelayClosedError extends BaseError {
  constructor(phase: string) {
    super(
      `The relay takes no more messages: the round is in phase "${phase}", or too close to its end.`,
      { fix: "Until the round's end anyone can publish on the chain itself." },
    );
  }
}

export class RelayFullError extends BaseError {
  constructor() {
    super("The relay has taken as many messages as its operator pays for.", {
      fix: "Use another relay, or publish on the chain yourself.",
    });
  }
}

export class RelayLimitError extends BaseError {
  constructor(cover: number, limit: number) {
    super(
      `The relay's limit of ${limit} messages an hour leaves too little room beside ${cover} cover messages.`,
      {
        fix: "Raise --relay-limit to twice the cover at least, or lower --cover and --cover-floor.",
      },
    );
  }
}
