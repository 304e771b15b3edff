import { CODES } from "../../errors.ts";
import type { Problem } from "../../model/problem.ts";
import type { ConfigMap } from "../../model/resource.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { FlagValues } from "../command-line.ts";
import type { ControllerFacts } from "../controller.ts";
import type { CompileOptions } from "../options.ts";
import { helmConfigMap } from "./helm-config-map.ts";
import { type Installation, installationsOf, type WordPlace } from "./installations.ts";
import { flagValues, type ReadCommandLine, type Refusal, readCommandLine } from "./read.ts";

export interface GivenFlags {
  /** Those that are read: given ones over those of manifests. */
  readonly flags: FlagValues;
  /** The same as words, each `--name=value`. */
  readonly words: readonly string[];
  /** What its chart makes of its values. */
  readonly helmConfigMap?: ConfigMap | undefined;
  readonly problems: readonly Problem[];
}

/** The flags that a controller starts with: its chart's, its Deployment's, and over them those that are given here. */
export function givenFlags(
  snapshot: Pick<Snapshot, "workloads" | "custom">,
  facts: ControllerFacts,
  { controllerFlags = [], controllerClass }: Pick<CompileOptions, "controllerFlags" | "controllerClass">,
): GivenFlags {
  if (facts.commandLine === undefined) {
    const problems = controllerFlags.map((word) => unreadFlag(word, undefined, facts));
    return { flags: new Map(), words: controllerFlags, problems };
  }
  const installed = installationsOf(snapshot, facts).map((installation) => ({
    installation,
    read: readCommandLine(installation.words, facts.commandLine),
  }));
  const isMeant = ({ read }: (typeof installed)[number]) => {
    const { controllerClass: own } = facts.commandLine?.asOptions?.(flagValues(read.flags)) ?? {};
    return (own ?? facts.classes.controller) === (controllerClass ?? facts.classes.controller);
  };
  const charts = installed.filter(({ installation }) => installation.kind === "chart");
  const [chosen, ...others] = installed.filter(
    (each) => each.installation.kind === "workload" && isMeant(each),
  );
  const own = [...charts, ...(chosen === undefined ? [] : [chosen])].map(({ read }) => read);
  const words = controllerFlags.map((text) => ({ text, place: undefined }));
  const all: readonly ReadCommandLine<WordPlace | undefined>[] = [
    ...own,
    readCommandLine(words, facts.commandLine),
  ];
  const flags = flagValues(all.flatMap((each) => each.flags));
  return {
    flags,
    words: [...flags].map(([name, value]) => `--${name}=${value}`),
    helmConfigMap: helmConfigMap(snapshot.custom, facts),
    problems: [
      ...all.flatMap(({ refused }) => refused.map((refusal) => refusedFlag(refusal, facts))),
      ...all.flatMap(({ flags }) =>
        flags.flatMap(({ name, place, effect }) =>
          effect === "unread" ? [unreadFlag(`--${name}`, place, facts)] : [],
        ),
      ),
      ...others.map(({ installation }) => anotherInstallation(installation, chosen?.installation, facts)),
    ],
  };
}

/** True if an installation of the controller is among the manifests. */
export function isInstalled(
  snapshot: Pick<Snapshot, "workloads" | "custom">,
  facts: ControllerFacts,
): boolean {
  const { commandLine } = facts;
  return installationsOf(snapshot, facts).some(
    ({ words }) => commandLine?.isServing?.(flagValues(readCommandLine(words, commandLine).flags)) ?? true,
  );
}

/** A sentence for each flag that the controller refuses; none for one without a table of flags. */
export function refusedFlags(words: readonly string[], facts: ControllerFacts): readonly string[] {
  const { commandLine } = facts;
  if (commandLine === undefined) return [];
  const { refused } = readCommandLine(
    words.map((text) => ({ text, place: undefined })),
    commandLine,
  );
  return refused.map((refusal) => refusalInWords(refusal, facts));
}

/** `Contour has no flag --x. Did you mean --y?` */
function refusalInWords({ why, meant }: Refusal<unknown>, { title, name }: ControllerFacts): string {
  return `${title ?? name} ${why}.${meant === undefined ? "" : ` Did you mean ${meant}?`}`;
}

function refusedFlag(refusal: Refusal<WordPlace | undefined>, facts: ControllerFacts): Problem {
  const { place } = refusal;
  const message = refusalInWords(refusal, facts);
  const fix = CODES["flag-unknown"];
  if (place === undefined) return { code: "flag-unknown", level: "error", message, fix };
  return { code: "flag-unknown", level: "warning", message, fix, ...placed(place) };
}

function unreadFlag(flag: string, place: WordPlace | undefined, facts: ControllerFacts): Problem {
  const message = `${facts.title ?? facts.name}'s flag ${flag} is not honoured: requests are answered as without it.`;
  const problem: Problem = {
    code: "flag-not-honoured",
    level: "notice",
    message,
    fix: CODES["flag-not-honoured"],
  };
  return place === undefined ? problem : { ...problem, ...placed(place) };
}

function anotherInstallation(
  other: Installation,
  chosen: Installation | undefined,
  { title, name }: ControllerFacts,
): Problem {
  const message = `${nameOf(other)} runs ${title ?? name} too: the flags of ${chosen === undefined ? "none" : nameOf(chosen)} are used.`;
  const fix = CODES["several-installations"];
  return {
    code: "several-installations",
    level: "notice",
    message,
    fix,
    ...placed({ of: other.of, field: "spec" }),
  };
}

function nameOf({ of: { kind, metadata } }: Installation): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}

function placed({
  of: { kind, metadata, origin },
  field,
}: WordPlace): Pick<Problem, "object" | "field" | "file" | "line"> {
  const { namespace, name } = metadata;
  return {
    object: { kind, namespace, name },
    field,
    file: origin.file,
    line: origin.lineOf(field) || undefined,
  };
}
