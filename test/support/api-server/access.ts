import type { Json } from "./object.ts";
import type { ApiRequest } from "./request.ts";
import type { ResourceType } from "./resource-type.ts";
import { ApiError, failure } from "./status.ts";

/** A denied permission. A missing field stands for any value. */
export interface DenyRule {
  /** `get`, `list`, `watch`, `create`, … */
  readonly verbs?: readonly string[];
  /** `ingresses`, `secrets`, `pods/portforward`. */
  readonly resources?: readonly string[];
  /** `""`: only the cluster as a whole; single namespaces stay allowed. */
  readonly namespace?: string;
  readonly names?: readonly string[];
}

/** The question of a `SelfSubjectAccessReview`. */
export interface Attributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** `""`: the whole cluster. */
  readonly namespace: string;
  readonly name: string;
}

/** The caller and the denied permissions. */
export class Access {
  readonly user: string;
  readonly #denied = new Set<DenyRule>();

  constructor(user: string, denied: readonly DenyRule[]) {
    this.user = user;
    for (const rule of denied) this.#denied.add(rule);
  }

  /** Denies a permission; returns the function that restores it. */
  deny(rule: DenyRule): () => void {
    this.#denied.add(rule);
    return () => this.#denied.delete(rule);
  }

  allows(asked: Attributes): boolean {
    return ![...this.#denied].some((rule) => covers(rule, asked));
  }

  /** @throws ApiError 403 in the API server's words, for a denied request */
  check(request: ApiRequest): void {
    const asked = attributesOf(request);
    if (asked === undefined || this.allows(asked)) return;
    throw forbidden(this.user, asked);
  }

  /** The rules of a `SelfSubjectRulesReview`: one for everything, or one per resource if anything is denied. */
  rules(namespace: string, types: readonly ResourceType[]): readonly Json[] {
    if (this.#denied.size === 0) return [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }];
    return types.flatMap((type) => {
      const parts = [{ name: "", verbs: type.verbs }, ...type.subresources];
      return parts.flatMap(({ name: subresource, verbs }) => {
        const asked = { group: type.group, resource: type.plural, subresource, namespace, name: "" };
        const allowed = verbs.filter((verb) => this.allows({ ...asked, verb }));
        const resource = subresource === "" ? type.plural : `${type.plural}/${subresource}`;
        return allowed.length === 0
          ? []
          : [{ verbs: allowed, apiGroups: [type.group], resources: [resource] }];
      });
    });
  }
}

function attributesOf({ target, verb }: ApiRequest): Attributes | undefined {
  if (target === undefined) return undefined;
  return {
    verb: target.subresource === "portforward" ? "create" : verb,
    group: target.type.group,
    resource: target.type.plural,
    subresource: target.subresource ?? "",
    namespace: target.namespace ?? "",
    name: target.name ?? "",
  };
}

function covers(rule: DenyRule, asked: Attributes): boolean {
  const resource = asked.subresource === "" ? asked.resource : `${asked.resource}/${asked.subresource}`;
  return (
    (rule.verbs === undefined || rule.verbs.includes(asked.verb)) &&
    (rule.resources === undefined || rule.resources.includes(resource)) &&
    (rule.namespace === undefined || rule.namespace === asked.namespace) &&
    (rule.names === undefined || rule.names.includes(asked.name))
  );
}

function forbidden(user: string, asked: Attributes): ApiError {
  const { verb, group, namespace, name } = asked;
  const qualified = group === "" ? asked.resource : `${asked.resource}.${group}`;
  const resource = asked.subresource === "" ? asked.resource : `${asked.resource}/${asked.subresource}`;
  const scope = namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const what = name === "" ? qualified : `${qualified} "${name}"`;
  const message = `${what} is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "${group}" ${scope}`;
  const details = {
    ...(name === "" ? {} : { name }),
    ...(group === "" ? {} : { group }),
    kind: asked.resource,
  };
  return new ApiError(failure(403, message, { details }));
}
