import type { CustomKind } from "../model/custom-kinds.ts";
import type { ObjectStatus } from "../model/object-status.ts";
import type { Problem } from "../model/problem.ts";
import type { CustomResource, Ingress } from "../model/resource.ts";
import type { Route, RouteTable } from "../model/route.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { ControllerCertificate } from "../model/tls/own-certificate.ts";
import type { Steps } from "../steps.ts";
import type { CommandLine, FlagValues } from "./command-line.ts";
import type { Revision } from "./memory.ts";
import type { CompileOptions } from "./options.ts";

/**
 * Facts about a controller for `--controller`, help, classes and documentation, known without loading its
 * code.
 */
export interface ControllerFacts {
  /** The value of `--controller`, and the name of its folder. */
  readonly name: string;
  /** Source of the behaviour, as in parentheses after the name. */
  readonly summary: string;
  readonly classes: ClassRule;
  /** Its name in sentences: `Contour`. default: `name` */
  readonly title?: string;
  /** Its flags, and the images that take them. default: it has none */
  readonly commandLine?: CommandLine;
  /** "none": it reads no Ingresses. default: those of its classes */
  readonly ingresses?: "none";
  /** The kinds that it reads beside Ingresses. default: none */
  readonly kinds?: readonly CustomKind[];
  /** The options' ConfigMap that its installations create. default: it reads none */
  readonly configMap?: { readonly namespace: string; readonly name: string };
  /** The condition of endpoints that it looks at. default: ready */
  readonly endpoints?: "serving";
  /** The certificate of a host without one. default: unknown */
  readonly certificateWithout?: "fake";
  /** Answers of a cluster that lacks what is stood in for here. default: as under ingress-nginx */
  readonly absent?: AbsentObjects;
  /** The certificate that it makes itself. default: ingress-nginx's */
  readonly ownCertificate?: ControllerCertificate;
}

/** A clause each, before ", unless the cluster has …". */
export interface AbsentObjects {
  /** By https, without the Secret of the certificate. */
  readonly certificate?: string;
  /** Without the Secret of user names and passwords. */
  readonly passwords?: string;
  /** Without the Secret of client certificates. */
  readonly clients?: string;
  /** Without the Service. */
  readonly service?: string;
}

/** The Ingresses that a controller serves. */
export interface ClassRule {
  /** The `spec.controller` of its IngressClasses; `"any"`: every one. */
  readonly controller: string | "any";
  /**
   * The class that its installations create. Manifests may name it, in the field or in the annotation
   * `kubernetes.io/ingress.class`, without bringing the IngressClass.
   */
  readonly installed: string;
  /**
   * The annotations of a controller that chooses by name alone, whatever IngressClasses there are. The first that is
   * there counts; an empty value leaves it to the field. default: it looks at IngressClasses
   */
  readonly byName?: readonly string[];
  /** For an Ingress without class while no IngressClass is the default. */
  readonly classless: "served" | Classless;
  /** The controller's log line for an Ingress of another class. default: none */
  readonly log?: string;
}

/** Ignored in production, but served here unless `--exact`. */
interface Classless {
  /** The installation that ignores it: `an ingress-nginx without --some-flag`. */
  readonly ignoredBy: string;
  /** An installation that serves it, as here. */
  readonly servedOn: string;
}

/**
 * Compiles the Ingresses that a controller serves, oldest first, in short steps.
 *
 * What takes time belongs into queries (`query.ts`): one for an Ingress, one for a host, and so on. Their answers are
 * kept from one compilation to the next, so that a save costs what it changes. What a host depends on is what its query
 * asks for; nothing else can be known there, and nothing has to be listed. What an Ingress means for others (who names
 * a host) is surveyed anew each time, which has to be cheap, and told to the revision.
 */
export type CompileIngresses = (
  ingresses: readonly Ingress[],
  revision: Revision,
  world: CompileWorld,
) => Steps<CompiledByController>;

/** What a controller without queries reads beside Ingresses. */
export interface CompileWorld {
  readonly snapshot: Snapshot;
  readonly options: CompileOptions;
  /** Those that the controller's table of flags has as read: its installation's, and over them the given ones. */
  readonly flags: FlagValues;
}

/** A route with the object that it is written in. */
export interface OwnRoute {
  readonly ingress: Ingress | CustomResource;
  readonly route: Route;
}

/** The table of a controller's own code, and its problems. */
export interface CompiledByController {
  readonly table: Omit<RouteTable, "unserved" | "routes">;
  /** Routes of Ingresses in the order of `RouteTable.routes`; the same objects while nothing about them has changed. */
  readonly routes: readonly OwnRoute[];
  readonly problems: readonly Problem[];
  /** default: it writes none */
  readonly statuses?: readonly ObjectStatus[] | undefined;
}
