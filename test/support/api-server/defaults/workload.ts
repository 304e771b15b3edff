import { asMap, asMaps, type Json, type KubeObject } from "../object.ts";

/** Defaults of a Deployment and the like. */
export function deploymentDefaults(workload: KubeObject): KubeObject {
  const spec = asMap(workload.spec);
  const template = asMap(spec.template);
  const rolling = { maxUnavailable: "25%", maxSurge: "25%" };
  const ofDeployment = {
    strategy: { type: "RollingUpdate", rollingUpdate: rolling, ...asMap(spec.strategy) },
    revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
    progressDeadlineSeconds: spec.progressDeadlineSeconds ?? 600,
  };
  return {
    ...workload,
    spec: {
      ...spec,
      replicas: spec.replicas ?? 1,
      ...(workload.kind === "Deployment" ? ofDeployment : {}),
      template: { ...template, spec: podSpecDefaults(asMap(template.spec)) },
    },
    status: workload.status ?? {},
  };
}

/** Defaults of a Pod. */
export function podDefaults(pod: KubeObject): KubeObject {
  return {
    ...pod,
    spec: { ...podSpecDefaults(asMap(pod.spec)), enableServiceLinks: true },
    status: { phase: "Pending", qosClass: "BestEffort", ...asMap(pod.status) },
  };
}

function podSpecDefaults(spec: Json): Json {
  return {
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    securityContext: {},
    schedulerName: "default-scheduler",
    ...spec,
    containers: asMaps(spec.containers).map(containerDefaults),
  };
}

function containerDefaults(container: Json): Json {
  const image = String(container.image ?? "");
  const latest = !image.slice(image.lastIndexOf("/") + 1).includes(":") || image.endsWith(":latest");
  const ports = asMaps(container.ports).map((port) => ({ protocol: "TCP", ...port }));
  return {
    resources: {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: latest ? "Always" : "IfNotPresent",
    ...container,
    ...(ports.length === 0 ? {} : { ports }),
  };
}
