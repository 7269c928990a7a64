import type { FastifyInstance } from "fastify";
import { BaseError } from "../errors.ts";

/** Where a server listens; port 0 is any free one. */
export type Place = { readonly host: string; readonly port: number };

export class CannotListenError extends BaseError {
  constructor({ host, port }: Place, option: string, cause: unknown) {
    const isTaken = (cause as NodeJS.ErrnoException).code === "EADDRINUSE";
    super(
      isTaken
        ? `Another program listens on ${host}:${port} already.`
        : `It is not possible to listen on ${host}:${port}.`,
      {
        fix: isTaken
          ? `Stop it (a second coordinator, perhaps), or give another port with ${option}.`
          : `Give an address of this machine and a port that you may use with ${option}.`,
        cause,
      },
    );
  }
}

/** Listens where an option of the command line says. @throws CannotListenError */
export async function listenAt(app: FastifyInstance, place: Place, option: string): Promise<void> {
  try {
    await app.listen({ host: place.host, port: place.port });
  } catch (cause) {
    throw new CannotListenError(place, option, cause);
  }
}
