import { withoutSecrets } from "../errors.ts";
import pino, { type DestinationStream, type Logger as PinoLogger } from "pino";

export type Logger = PinoLogger;

/** Names under which no log line shows a value, whoever should put one there. */
const SECRET_FIELDS = [
  "secret",
  "passphrase",
  "privateKey",
  "inputs",
  "witness",
  "words",
  "messages",
  "ip",
  "remoteAddress",
  "remotePort",
  "headers",
];

/** JSON lines on stdout. Requests are logged by method and path; no addresses, no bodies, and of any URL only the server's name. */
export function createLogger(
  level: string,
  destination: DestinationStream = pino.destination(1),
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: "[not logged]",
      },
      formatters: {
        log: (line) =>
          Object.fromEntries(
            Object.entries(line).map(([name, value]) => [
              name,
              typeof value === "string" ? withoutSecrets(value) : value,
            ]),
          ),
      },
      serializers: {
        req: ({ method, url }: { method: string; url: string }) => ({
          method,
          url: url.split("?", 1)[0],
        }),
        err: ({ message }: Error) => ({
          message: withoutSecrets(message.split("\n", 1)[0] as string),
        }),
      },
    },
    destination,
  );
}
