import { UserError } from "../../errors.ts";
import type { Ports } from "../../model/decision.ts";
import { type ResolveRule, readResolve } from "../../verify/resolve-option.ts";
import { isPort, readTarget, type Target } from "../../verify/target.ts";
import type { Flags } from "../options/config.ts";
import { oneOf, port, text } from "../options/values.ts";

export interface VerifyOptions {
  /** The controller to compare with the prediction, or two to compare with each other. */
  readonly targets: readonly [Target] | readonly [Target, Target];
  readonly rules: readonly ResolveRule[];
  /** unit: requests per second, to each controller */
  readonly rate: number;
  readonly timeoutMs: number;
  readonly confirmed: boolean;
  readonly form: "text" | "json" | "markdown";
  /** Prints every request of a cause. */
  readonly all: boolean;
}

/** More than that is a load test. unit: requests per second */
const MOST_RATE = 1_000;
const DEFAULT_RATE = 20;
/** unit: s */
const MOST_TIMEOUT = 600;
const DEFAULT_TIMEOUT = 10;

/** Reads the command's own options. @throws UserError `bad-option`, `bad-target` */
export function readVerifyOptions(target: string | undefined, flags: Flags): VerifyOptions {
  const ports = { ...portOf(flags, "http"), ...portOf(flags, "https") };
  return {
    targets: readTargets(target, listOf(flags.against), ports),
    rules: listOf(flags.resolve).map(readResolve),
    rate: numberOf(flags.rate, "--rate", {
      fallback: DEFAULT_RATE,
      most: MOST_RATE,
      unit: "requests a second",
    }),
    timeoutMs:
      1_000 *
      numberOf(flags.timeout, "--timeout", {
        fallback: DEFAULT_TIMEOUT,
        most: MOST_TIMEOUT,
        unit: "seconds",
      }),
    confirmed: flags.yes === true,
    all: flags.all === true,
    form: flags.output === undefined ? "text" : oneOf(["text", "json", "markdown"])(flags.output, "--output"),
  };
}

function readTargets(
  target: string | undefined,
  against: readonly string[],
  ports: Partial<Ports>,
): VerifyOptions["targets"] {
  const [first, second] = against;
  if (first !== undefined && second !== undefined && against.length === 2)
    return [readTarget(first, ports), readTarget(second, ports)];
  if (against.length > 0) {
    throw new UserError(
      "bad-option",
      `--against compares two controllers, and ${against.length === 1 ? "one is" : `${against.length} are`} named.`,
      "Name both: ingress-dev verify --against http://203.0.113.7 --against http://203.0.113.8 k8s/",
    );
  }
  if (target === undefined) {
    const fix = "Name it before the manifests: ingress-dev verify http://203.0.113.7 k8s/";
    throw new UserError("bad-option", "verify needs the address of a running controller.", fix);
  }
  return [readTarget(target, ports)];
}

function portOf(flags: Flags, scheme: keyof Ports): Partial<Ports> {
  const raw = flags[`${scheme}Port`];
  if (raw === undefined) return {};
  const place = `--${scheme}-port`;
  const number = port(raw, place);
  if (!isPort(number))
    throw new UserError("bad-option", `${place}: a controller listens on a port from 1 to 65535.`);
  return { [scheme]: number };
}

function numberOf(
  raw: unknown,
  place: string,
  { fallback, most, unit }: { readonly fallback: number; readonly most: number; readonly unit: string },
): number {
  if (raw === undefined) return fallback;
  const written = text(raw, place);
  const number = Number(written);
  if (/^\d{1,6}(?:\.\d{1,6})?$/.test(written) && number > 0 && number <= most) return number;
  const message = `${place}: "${written}" is not a number of ${unit} above 0 and at most ${most}.`;
  throw new UserError("bad-option", message);
}

function listOf(raw: unknown): readonly string[] {
  return Array.isArray(raw) ? raw.map(String) : [];
}
