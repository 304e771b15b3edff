import { safeJson } from "../../ui/safe-json.ts";
import type { ControllerFacts } from "../compile/controller.ts";
import { controllerNamed } from "../compile/controllers.ts";
import type { Problem } from "../model/problem.ts";
import type { Ingress, IngressBackend } from "../model/resource.ts";
import { mainBackend, type Route } from "../model/route.ts";
import { portOf } from "./explain/route-in-words.ts";
import type { Flags } from "./options/config.ts";
import { oneOf } from "./options/values.ts";
import { reportProblems } from "./report.ts";
import { describeIngress } from "./routes/describe.ts";
import { describeStatus } from "./routes/describe-status.ts";
import { printerTables } from "./routes/printer-columns.ts";
import { stopped } from "./routing/in-force.ts";
import { type Routing, type Routings, readRoutings } from "./routing.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";

type ServiceBackend = Extract<IngressBackend, { readonly kind: "service" }>;

function isAbout(ingress: Ingress, { object }: Problem): boolean {
  const { namespace, name } = ingress.metadata;
  return object?.kind === "Ingress" && object.namespace === namespace && object.name === name;
}

function isServed(ingress: Ingress, routes: readonly Route[]): boolean {
  const { namespace, name } = ingress.metadata;
  return routes.some(
    ({ ingress, action }) =>
      (ingress?.namespace === namespace && ingress.name === name) ||
      (action.kind === "forward" &&
        action.shares.some(({ from }) => from?.ingress === `${namespace}/${name}`)),
  );
}

/** The text in parentheses: kubectl's if nothing answers, else our upstream. */
function endpointsOf(routing: Routing, namespace: string): (backend: ServiceBackend) => string {
  return ({ name, port }) => {
    const upstreams = routing.resolver.describe({ namespace, service: name, port });
    if (upstreams !== "<no endpoints>") return upstreams.replaceAll(", ", ",");
    const isKnown = routing.reading.snapshot.services.some(
      ({ metadata }) => metadata.namespace === namespace && metadata.name === name,
    );
    return isKnown ? "" : `<error: services "${name}" not found>`;
  };
}

function description(ingress: Ingress, routing: Routing): string {
  return describeIngress(ingress, {
    address: isServed(ingress, routing.table.routes) ? "127.0.0.1" : "",
    endpoints: endpointsOf(routing, ingress.metadata.namespace),
    problems: routing.problems.filter((problem) => isAbout(ingress, problem)),
  }).join("\n");
}

/** As `kubectl describe ingress` prints several: separated by two blank lines. */
function asText(routing: Routing): string {
  const { ingresses } = routing.reading.snapshot;
  const described = ingresses.map((ingress) => `${description(ingress, routing)}\n`);
  return [...described, ...customObjects(routing)].join("\n\n");
}

/** As `kubectl get` prints the kinds that the controller reads, then what it writes into each. */
function customObjects({ settings, reading, compiled: { statuses } }: Routing): readonly string[] {
  const { kinds = [] }: ControllerFacts = controllerNamed(settings.controller);
  const own = reading.snapshot.custom.filter(({ kind }) => kinds.includes(kind));
  return [...printerTables(own, statuses), ...statuses.map((each) => `${describeStatus(each).join("\n")}\n`)];
}

function routeForScripts(route: Route, routing: Routing): object {
  const { ingress, rule } = route;
  const backend = mainBackend(route);
  return {
    ingress: ingress && `${ingress.namespace}/${ingress.name}`,
    host: rule?.host ?? "",
    path: rule?.path,
    pathType: rule?.pathType,
    regex: rule?.regex,
    backend: backend && { namespace: backend.namespace, service: backend.service, port: portOf(backend) },
    upstream: backend && routing.resolver.describe(backend),
    file: ingress?.file,
    line: ingress?.line || undefined,
  };
}

function stops({ compiled, settings }: Routing): readonly Problem[] {
  return stopped(compiled, settings, undefined);
}

function asJson({ all, problems }: Routings): string {
  const isOne = all.length === 1;
  const routes = all.flatMap((routing) =>
    routing.table.routes.map((route) => ({
      ...routeForScripts(route, routing),
      controller: isOne ? undefined : routing.settings.controller,
    })),
  );
  const statuses = all.flatMap(({ compiled }) => compiled.statuses);
  return `${safeJson({
    routes,
    problems: [...problems, ...all.flatMap(stops)],
    statuses: statuses.length === 0 ? undefined : statuses,
  })}\n`;
}

/**
 * `routes`: every Ingress in manifest order, with the upstream of each row. An Ingress's problems appear as
 * its events; others go to standard error.
 */
export async function routesCommand(flags: Flags, surroundings: Surroundings): Promise<ExitCode> {
  const { output, ...others } = flags;
  const form = output === undefined ? "text" : oneOf(["text", "json"])(output, "--output");
  const routings = await readRoutings(others, surroundings);
  const { all, problems } = routings;
  if (form === "json") surroundings.stdout.write(asJson(routings));
  else {
    const { ingresses } = all[0].reading.snapshot;
    const others = [...problems, ...all.flatMap(stops)].filter(
      (problem) => !ingresses.some((ingress) => isAbout(ingress, problem)),
    );
    await reportProblems(others, surroundings);
    const blocks = all.map((routing) => (all.length === 1 ? asText(routing) : block(routing)));
    surroundings.stdout.write(blocks.join("\n\n"));
  }
  await routings.close();
  return 0;
}

/** Of several controllers: the Ingresses that this one serves. */
function block(routing: Routing): string {
  const { controller } = routing.settings;
  const { ingresses } = routing.reading.snapshot;
  const served = ingresses.filter((ingress) => isServed(ingress, routing.table.routes));
  const why = routing.why === undefined ? "" : ` (${routing.why})`;
  const described = served.map((ingress) => `${description(ingress, routing)}\n`);
  return `${controller}${why}\n\n${[...described, ...customObjects(routing)].join("\n\n")}`;
}
