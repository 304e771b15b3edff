import { expect, test } from "vitest";
import type { Share } from "../../src/model/route/action.ts";
import type { Route } from "../../src/model/route.ts";
import { act } from "../../src/step/action/forward.ts";
import type { Arrival } from "../../src/step/arrival.ts";
import { httpUpstream, routeWith, testProxy, upstreamAt } from "./support.ts";

function share(service: string, weight: number): Share {
  return { backend: { namespace: "default", service, port: { number: 80 } }, weight };
}

function inTurns(...shares: readonly [Share, ...Share[]]): Route {
  return { ...routeWith(), action: { kind: "forward", shares, sharing: "turns" } };
}

test("each route deals its requests in turn", async () => {
  const port = await httpUpstream((request, response) => response.end(String(request.headers["x-service"])));
  const routes = new Map([
    ["/weighted", inTurns(share("a", 3), share("b", 1))],
    ["/equal", inTurns(share("c", 1), share("d", 1))],
  ]);
  const { port: at } = await testProxy(port, {
    decide(request) {
      const route = routes.get(request.target) ?? routeWith();
      const path = { path: request.target, query: "", quoted: false };
      const decision = act({ route, request, path } as Arrival);
      if (decision.kind !== "forward") throw new Error(decision.kind);
      return { ...decision, requestHeaders: [["X-Service", decision.backend.service]] };
    },
    resolve: () => ({ kind: "upstream", upstream: upstreamAt(port) }),
  });
  const answers: string[] = [];
  for (const path of ["weighted", "equal", "weighted", "weighted", "equal", "weighted", "equal", "weighted"])
    answers.push(await (await fetch(`http://127.0.0.1:${at}/${path}`)).text());
  expect(answers.join(" ")).toBe("a c a b d a c a");
});
