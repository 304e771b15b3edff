import type { ControllerFacts } from "../../src/compile/controller.ts";
import { type ControllerName, controllerNamed } from "../../src/compile/controllers.ts";
import { PREFIX } from "../../src/compile/nginx-annotations/prefix.ts";
import { ROUTER_ANNOTATIONS, SERVICE_ANNOTATIONS } from "../../src/compile/traefik/annotations.ts";
import { BUILDERS, GUARDS } from "../../src/compile/traefik/middlewares/builders.ts";
import { MATCHERS } from "../../src/compile/traefik/rule/matchers.ts";
import { READ_NAMES, UNREAD, UNREAD_EFFECTS, UNREAD_GUARDS } from "../../src/compile/traefik-nginx/names.ts";
import { SURPRISES } from "../../src/compile/traefik-nginx/problems/surprises.ts";

const code = (text: string) => `\`${text.replaceAll("|", "\\|")}\``;
const codes = (names: Iterable<string>) => [...names].sort().map(code).join(", ");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}

type Block = () => string;

/** By controller, what the code's own tables say of it. */
const OWN: { readonly [Name in ControllerName]?: Readonly<Record<string, Block>> } = {
  traefik: {
    annotations: () =>
      table(
        ["annotation", "value"],
        [
          ...[...ROUTER_ANNOTATIONS].map(([name, kind]) => [`router.${name}`, kind] as const),
          ...[...SERVICE_ANNOTATIONS].map(([name, kind]) => [`service.${name}`, kind] as const),
        ].map(([name, kind]) => [code(`traefik.ingress.kubernetes.io/${name}`), kind]),
      ),
    matchers: () =>
      table(
        ["syntax", "matchers"],
        [
          ["v3", codes(MATCHERS.v3.keys())],
          ["v2", codes(MATCHERS.v2.keys())],
        ],
      ),
    middlewares: () =>
      table(
        ["middleware", "keeps requests out"],
        [...BUILDERS.keys()].map((name) => [code(name), GUARDS.has(name) ? "yes" : ""]),
      ),
  },
  "traefik-nginx": {
    annotations: () =>
      table(
        ["value", `the ${READ_NAMES.size} annotations that are read, without ${code(PREFIX)}`],
        ["boolean", "integer", "text"].map((form) => [
          form,
          codes([...READ_NAMES].flatMap(([name, of]) => (of === form ? [name] : []))),
        ]),
      ),
    surprises: () =>
      table(
        ["annotation", "what it does less"],
        SURPRISES.map(({ name, what }) => [code(name), what]),
      ),
    unread: () =>
      table(
        [`the ${UNREAD.size} that are passed over`, "what becomes of requests"],
        [...UNREAD]
          .sort()
          .map((name) => [
            code(name) + (UNREAD_GUARDS.has(name) ? ", a guard" : ""),
            UNREAD_EFFECTS.get(name) ?? "",
          ]),
      ),
  },
};

function factsOf({ summary, classes, kinds = [], ingresses, configMap }: ControllerFacts): string {
  return table(
    ["", ""],
    [
      ["behaves as", summary],
      [
        "`spec.controller`, or `controllerName`",
        classes.controller === "any" ? "any" : code(classes.controller),
      ],
      ["class of its installation", code(classes.installed)],
      ["kinds that it reads", codes(ingresses === "none" ? kinds : ["Ingress", "IngressClass", ...kinds])],
      [
        "options from the ConfigMap",
        configMap === undefined ? "none" : code(`${configMap.namespace}/${configMap.name}`),
      ],
    ],
  );
}

function flagsOf({ commandLine }: ControllerFacts): string {
  if (commandLine === undefined) return "It has no flags.\n";
  const { read, idle, unread = [] } = commandLine;
  const dashed = (names: readonly string[]) => codes(names.map((name) => `--${name}`));
  return table(
    ["flags", ""],
    [
      ["read", dashed(read)],
      ["change answers, but not here (`flag-not-honoured`)", dashed(unread)],
      ["change no answer", dashed(idle)],
    ],
  );
}

/** The page with each block of the code's tables in the place of its own: between `<!-- NAME -->` and `<!-- /NAME -->`. */
export function withOwnTables(controller: ControllerName, page: string): string {
  const facts = controllerNamed(controller);
  const blocks = { facts: () => factsOf(facts), flags: () => flagsOf(facts), ...OWN[controller] };
  return Object.entries(blocks).reduce((text, [name, block]) => {
    const place = new RegExp(`(?<=<!-- ${name} -->\\n)[^]*?(?=<!-- /${name} -->)`);
    if (!place.test(text)) throw new Error(`docs/controllers/${controller}.md has no place <!-- ${name} -->`);
    return text.replace(place, () => `\n${block()}\n`);
  }, page);
}
