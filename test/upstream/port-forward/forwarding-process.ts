import { connect } from "../../../src/kube/connect.ts";
import { chooseContext } from "../../../src/kube/context.ts";
import { readKubeConfig } from "../../../src/kube/kubeconfig.ts";
import { startProxy } from "../../../src/proxy/proxy.ts";
import { createPodForwards } from "../../../src/upstream/port-forward/forwards.ts";
import { forwardAll, testContext } from "../../proxy/support.ts";

/**
 * A process of its own, so that its memory is that of the proxy and its port-forwards alone: sends every request to port 80
 * of the pod `default/web-1` of the kubeconfig that is its argument. Says its port, and what its memory is when asked.
 */
const place = { file: process.argv[2] ?? "", env: process.env };
const api = connect(chooseContext(await readKubeConfig(place), undefined), { place });
const forwards = createPodForwards(api);
const to = { namespace: "default", pod: "web-1", uid: "", port: 80 };
const proxy = await startProxy({
  bind: "127.0.0.1",
  httpPort: 0,
  httpsPort: 0,
  exact: "local",
  noEndpoints: () => undefined,
  decide: forwardAll({ bodyLimit: 0 }),
  resolve: () => ({
    kind: "upstream",
    upstream: {
      name: "pod/web-1:80",
      protocol: "http",
      connection: { kind: "stream", open: (signal) => forwards.open(to, signal) },
      basePath: "",
    },
  }),
  secureContext: () => testContext("a.test"),
  onHit: () => {},
  onUpstream: () => {},
});
process.on("message", () => process.send?.({ rss: process.memoryUsage().rss }));
process.send?.({ port: proxy.http.port });
