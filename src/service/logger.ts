import pino, { type DestinationStream, type Logger as PinoLogger } from "pino";

export type Logger = PinoLogger;

/** Names under which no log line shows a value, whoever should put one there. */
const SECRET_FIELDS = ["secret", "passphrase", "privateKey", "inputs", "witness", "words", "messages", "ip", "remoteAddress", "remotePort", "headers"];

/** JSON lines on stdout. Requests are logged by method and path; no addresses, no bodies. */
export function createLogger(level: string, destination: DestinationStream = pino.destination(1)): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[not logged]" },
    serializers: { req: ({ method, url }: { method: string; url: string }) => ({ method, url }), err: ({ message }: Error) => ({ message: message.split("\n", 1)[0] }) },
  }, destination);
}
