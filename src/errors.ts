/**
 * Every code that an error or a problem of ingress-dev can have, and the next step for it.
 *
 * The messages are made where the facts are; the code and the way out are here, in one place, so that
 * `docs/errors.md` can be complete (a test holds it).
 */
export const CODES = {
  // The environment: exit status 2.
  "port-in-use":
    "Stop the program that holds the port, or choose another with --http-port and --https-port (0 picks a free one).",
  "port-forbidden":
    "Ports below 1024 need privileges that ingress-dev should not have: choose another with --http-port and --https-port.",
  "bad-option": "See ingress-dev COMMAND --help.",
  internal: "This is a mistake in ingress-dev: please report it with the lines above.",
} as const satisfies Record<string, string>;

/** A key of `CODES`. */
export type Code = keyof typeof CODES;

/**
 * An error that a user can do something about: what is wrong, and what to do. Printed without a stack; exit status 2.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly code: Code;
  readonly fix: string;

  constructor(code: Code, message: string, fix: string = CODES[code]) {
    super(message);
    this.code = code;
    this.fix = fix;
  }
}
