import { reason } from "../../../../model/reason.ts";
import type { Share } from "../../../../model/route/action.ts";
import { ingressName } from "../../../problem.ts";
import { placeOf, refOf } from "../../../route.ts";
import { joinedInWords } from "../../../shared/connection-host.ts";
import type { TcpHost } from "../../hosts.ts";
import { contourTransport } from "../../transport.ts";
import type { Root } from "../root.ts";

/** The route of a host whose connections are joined with a Service's; `undefined` for any other host. */
export function tcpHostOf({ proxy, host, tcp }: Root): TcpHost | undefined {
  if (tcp === undefined) return undefined;
  const total = tcp.targets.reduce((sum, { weight }) => sum + weight, 0);
  const [first, ...others] = tcp.targets
    .filter(({ weight }) => weight > 0 || total === 0)
    .map(({ target, weight }): Share => ({ backend: target.backend, weight: total === 0 ? 1 : weight }));
  if (first === undefined) return undefined;
  const name = ingressName(proxy);
  const how = joinedInWords(tcp.isPassed);
  return {
    owner: proxy,
    isPassed: tcp.isPassed,
    route: {
      id: `${name} spec.tcpproxy ${host}`,
      ingress: refOf(proxy, "spec.tcpproxy"),
      rule: { host, path: "/", pathType: "Prefix", regex: false },
      steps: [],
      action: { kind: "forward", shares: [first, ...others] },
      transport: contourTransport("", undefined),
      inWords: { name: host, match: "server_names" },
      why: [
        reason(
          "rule",
          `tcpproxy of HTTPProxy ${name}, host ${host}: ${how}`,
          placeOf(proxy, "spec.tcpproxy"),
        ),
      ],
    },
  };
}
