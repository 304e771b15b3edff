import { type Reason, reason } from "../../../model/reason.ts";
import type { IngressPath } from "../../../model/resource.ts";
import type { Action } from "../../../model/route/action.ts";
import type { Transport } from "../../../model/route/transport.ts";
import type { IngressRef, Route, RouteInWords, RouteRule } from "../../../model/route.ts";
import type { Step } from "../../../step/step.ts";
import { refOf } from "../../shared/reference.ts";
import { PROVIDERS } from "../facts.ts";
import { priorityOf, type Router } from "./router.ts";

interface Parts {
  readonly steps: readonly Step[];
  readonly action: Action;
  readonly transport: Transport;
}

/** A router's route. It makes its words when they are asked for: most of 100,000 are never asked. */
export class RouterRoute implements Route {
  readonly steps: Parts["steps"];
  readonly action: Action;
  readonly transport: Transport;
  readonly #router: Router;
  #why: readonly Reason[] | undefined;

  constructor(router: Router, { steps, action, transport }: Parts) {
    this.#router = router;
    this.steps = steps;
    this.action = action;
    this.transport = transport;
  }

  get router(): Router {
    return this.#router;
  }

  get id(): string {
    const { owner, at, host, name, provider, rule } = this.#router;
    if (owner === undefined) return `${name}@${PROVIDERS[provider]}`;
    const of = `${owner.metadata.namespace}/${owner.metadata.name}`;
    if (isPath(at)) return `${of} ${host || "*"}${at.path || "/"} ${at.pathType}`;
    return owner.kind === "Ingress" ? `${of} * default backend` : `${of} ${rule}`;
  }

  get ingress(): IngressRef | undefined {
    const { owner, at } = this.#router;
    return owner && refOf(owner, at);
  }

  get rule(): RouteRule | undefined {
    const { at, host, match } = this.#router;
    if (!isPath(at)) return undefined;
    return { host, path: at.path || "/", pathType: at.pathType, regex: match.path.kind === "pattern" };
  }

  get inWords(): RouteInWords {
    const { name, provider, rule } = this.#router;
    return {
      name: `${name}@${PROVIDERS[provider]}`,
      match: rule,
      priority: Number(priorityOf(this.#router)),
    };
  }

  /** The same list each time. */
  get why(): readonly Reason[] {
    this.#why ??= [reason("rule", this.#inWords(), this.ingress)];
    return this.#why;
  }

  #inWords(): string {
    const { owner, priority } = this.#router;
    const { name, match } = this.inWords;
    const from =
      owner === undefined ? "" : ` of ${owner.kind} ${owner.metadata.namespace}/${owner.metadata.name}`;
    const length = priority === 0n ? ", the length of its rule" : "";
    return `router ${name}${from}: ${match}, priority ${priorityOf(this.#router)}${length}`;
  }
}

function isPath(at: string | IngressPath): at is IngressPath {
  return typeof at !== "string";
}
