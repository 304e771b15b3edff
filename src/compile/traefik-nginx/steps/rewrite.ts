import { readTemplate } from "../../../re2/template.ts";
import { textAsBytes } from "../../../request/utf8.ts";
import type { Step } from "../../../step/step.ts";
import { goLocation } from "../../../step/traefik/go-location.ts";
import { type Location, pathText } from "../location.ts";
import { re2Of, type Unbuilt } from "../matching.ts";

/** Values of `x-forwarded-prefix` that are not passed over. */
const PREFIX_VALUE = /^\/?[-._~a-zA-Z0-9/$:]*$/;

/** A target that equals the path does nothing. */
export function rewriteSteps(location: Location): readonly Step[] | Unbuilt {
  const { annotations } = location;
  const target = annotations.text("rewrite-target") ?? "";
  const path = pathText(location);
  if (target === "" || target === path) return [];
  const isUrl = isAbsolute(target.trim());
  const template = readTemplate(target.trim());
  if (path === "") return [{ kind: "template-rewrite", template: withoutGroups(target), target, isUrl }];
  const written = re2Of(`(?i)${path.trim()}`);
  if ("why" in written) return { ...written, annotation: "rewrite-target" };
  const whole = isUrl && written.names.length === 0 ? re2Of(`(?i)${path.trim()}.*`) : written;
  if ("why" in whole) return { ...whole, annotation: "rewrite-target" };
  const prefix = annotations.text("x-forwarded-prefix");
  return [
    {
      kind: "template-rewrite",
      pattern: whole,
      template,
      target,
      isUrl,
      prefix: prefix !== undefined && PREFIX_VALUE.test(prefix) ? readTemplate(prefix) : undefined,
    },
  ];
}

/** A URL with a scheme, as net/url reads it before groups are filled in. */
function isAbsolute(target: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(target) && goLocation(textAsBytes(target)) !== undefined;
}

/** Without a path there is no match: `$1` is taken out. */
function withoutGroups(target: string) {
  const text = target.trim().replace(/\$\d+/g, "");
  return text === "" ? [] : [Buffer.from(text, "utf8").toString("latin1")];
}

export function sentHostSteps({ annotations }: Location): readonly Step[] | Unbuilt {
  const host = annotations.text("upstream-vhost");
  if (host === undefined) return [];
  if (host === "") return { why: "upstream-vhost is empty", annotation: "upstream-vhost" };
  return [{ kind: "sent-host", host }];
}
