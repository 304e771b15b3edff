import { type DocumentedAnnotation, RISKS } from "../../src/compile/ingress-nginx/annotations/documented.ts";
import { DOCUMENTED } from "../../src/compile/ingress-nginx/annotations/features.ts";
import { NOT_HONOURED, notHonoured } from "../../src/compile/ingress-nginx/annotations/not-honoured.ts";
import { REMOVED } from "../../src/compile/ingress-nginx/annotations/removed.ts";
import { KINDS } from "../../src/compile/ingress-nginx/config-map/kinds.ts";
import { OPTIONS_NOT_HONOURED, WITHOUT_EFFECT } from "../../src/compile/ingress-nginx/config-map/names.ts";
import { VALUES } from "../../src/compile/ingress-nginx/validators/table.ts";
import type { OnBadValue } from "../../src/compile/ingress-nginx/values/on-bad-value.ts";
import { PREFIX } from "../../src/compile/nginx-annotations/prefix.ts";
import { INVISIBLE } from "./invisible-options.ts";
import { OTHERWISE } from "./otherwise.ts";

/** Options of the ConfigMap that change answers here, in alphabetical order. */
const HONOURED_OPTIONS: readonly string[] = [...KINDS.keys()]
  .filter((key) => !OPTIONS_NOT_HONOURED.has(key) && !INVISIBLE.has(key) && !WITHOUT_EFFECT.has(key))
  .sort();

const UNSUPPORTED = new Set(notHonoured.annotations.map(({ name }) => name));

/** Honoured annotations, without prefix. */
export const HONOURED: ReadonlySet<string> = new Set(
  [...DOCUMENTED.keys()].filter((name) => !UNSUPPORTED.has(name)),
);

/** `use-default` ignores only the annotation itself. */
const OUTCOMES: Readonly<Record<OnBadValue, string>> = {
  "refuse-ingress": "the Ingress is not served",
  "deny-location": "503 at every path",
  "forbid-hosts": "403 for the hosts of the Ingress",
  "ignore-group": "ignored, and every annotation that its parser reads with it",
  "use-default": "ignored",
};

/** An alias has the values of its annotation. */
function outcomeOfBadValue(name: string): string {
  const values = VALUES.get(name) ?? [...VALUES.values()].find(({ aliases }) => aliases.includes(name));
  return values === undefined ? "" : OUTCOMES[values.otherwise];
}

function row({ name, risk }: DocumentedAnnotation): string {
  const reason = NOT_HONOURED.get(name);
  if (risk === "Critical")
    return `| \`${name}\` | refused | the Ingress is not served, unless the controller's ConfigMap allows it: ${reason ?? ""} |`;
  if (!HONOURED.has(name)) return `| \`${name}\` | no | ${reason ?? ""} |`;
  const outcome = outcomeOfBadValue(name);
  const notes = [outcome === "" ? "" : `a bad value: ${outcome}`, OTHERWISE.get(name) ?? ""];
  return `| \`${name}\` | yes | ${notes.filter((note) => note !== "").join("; ")} |`;
}

/** The groups of the page, in its order. */
const GROUPS = [
  ...["Aliases", "Allowlist", "Denylist", "Backend protocol", "Basic authentication", "Canary"],
  ...["Client certificates", "Connection", "CORS", "Custom headers", "Custom errors", "Default backend"],
  ...["External authentication", "FastCGI", "HTTP/2", "Load balancing", "Logs", "Mirror", "ModSecurity"],
  ...["OpenTelemetry", "Proxy", "Proxy TLS", "Rate limits", "Redirects", "Rewrites", "Satisfy"],
  ...["Session affinity", "Snippets", "TLS", "Upstream host", "X-Forwarded-Prefix"],
];

/** Annotations that stand behind others of their risk, though their features are read first. */
const LATER = (
  "proxy-connect-timeout proxy-read-timeout proxy-send-timeout proxy-next-upstream-timeout proxy-next-upstream-tries " +
  "proxy-redirect-from proxy-redirect-to proxy-next-upstream limit-allowlist limit-whitelist"
).split(" ");

/** By group, risk, and the order in which they are read. */
function pageOrder(): readonly DocumentedAnnotation[] {
  const rank = ({ group, risk, name }: DocumentedAnnotation) =>
    GROUPS.indexOf(group) * 1000 + RISKS.indexOf(risk) * 100 + LATER.indexOf(name);
  return [...DOCUMENTED.values()].sort((a, b) => rank(a) - rank(b));
}

function groups(): readonly string[] {
  const byGroup = new Map<string, DocumentedAnnotation[]>();
  for (const one of pageOrder()) byGroup.set(one.group, [...(byGroup.get(one.group) ?? []), one]);
  return [...byGroup].flatMap(([group, members]) => [
    `### ${group}`,
    "",
    "| annotation | honoured | |",
    "|---|---|---|",
    ...members.map(row),
    "",
  ]);
}

const names = (some: Iterable<string>) => [...some].map((name) => `\`${name}\``).join(", ");

export function unexplained(): readonly string[] {
  return [...UNSUPPORTED].filter((name) => !NOT_HONOURED.has(name));
}

/** `docs/annotations.md`, from the program's own tables. */
export function annotationsPage(): string {
  return `${[
    "# What is honoured of ingress-nginx",
    "",
    "Generated from the tables of the program (`INGRESS_DEV_WRITE_DOCS=1 npx vitest run test/docs.test.ts` writes it).",
    "ingress-nginx v1.15 is followed. Whatever is not honoured is said when it is met, with file and line; nothing is passed over",
    "in silence. Where answers differ on purpose is in the [README](../README.md#different-from-production-on-purpose), what was",
    "found against a real nginx in [differences](differences.md), each problem in [errors](errors.md).",
    "",
    `## Annotations: ${HONOURED.size} of ${DOCUMENTED.size}`,
    "",
    `All begin with \`${PREFIX}\`. A misspelt one is met with a suggestion.`,
    "",
    ...groups(),
    "### Of older releases",
    "",
    "| annotation | what became of it |",
    "|---|---|",
    ...[...REMOVED].map(([name, fate]) => `| \`${name}\` | ${fate} |`),
    "",
    "## The controller's ConfigMap",
    "",
    "The one called `ingress-nginx-controller`, or the one that `--configmap NAMESPACE/NAME` names.",
    "",
    `Honoured: ${names(HONOURED_OPTIONS)}.`,
    "",
    "| not honoured | |",
    "|---|---|",
    ...[...OPTIONS_NOT_HONOURED].map(([name, effect]) => `| \`${name}\` | ${effect} |`),
    "",
    `The controller reads these, and does nothing with them: ${names(WITHOUT_EFFECT)}.`,
    "",
    `Nothing of these is seen in an answer: ${names([...INVISIBLE].sort())}.`,
    "",
    "## TCP and UDP",
    "",
    "The ConfigMaps `tcp-services` and `udp-services` (the Helm chart calls them `ingress-nginx-tcp` and `ingress-nginx-udp`) are served",
    "on their ports, byte for byte, with the PROXY protocol where they say so. The embedded echo service speaks HTTP on TCP ports; UDP",
    "goes to `--map` targets and `ExternalName`s, since port-forwards carry TCP alone. Where the controller has the flags",
    "`--tcp-services-configmap` and `--udp-services-configmap`, those that they name are served in their place.",
  ].join("\n")}\n`;
}
