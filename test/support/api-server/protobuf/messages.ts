/** A field of a message: its name in JSON, what it holds, and how many. */
export interface FieldType {
  readonly name: string;
  /** A scalar (`string`, `int`, `bool`, `bytes`) or the name of a message. */
  readonly type: string;
  readonly many: "one" | "list" | "map";
  /** Its fields are those of the message around it in JSON. */
  readonly inline: boolean;
  /** A zero or an empty text is kept: it is a pointer in Go. */
  readonly kept: boolean;
}

/**
 * The messages of what `kubectl create` and `kubectl auth` send, from the `generated.proto` files of k8s.io/api and
 * k8s.io/apimachinery: a line a message, `NUMBER NAME TYPE` for each field. Without a type it is text; `[]` is a list, `{}` a
 * map of text, `^` inline, `!` kept when zero.
 */
const TEXT = `
Unknown: 1 typeMeta TypeMeta, 2 raw bytes
TypeMeta: 1 apiVersion, 2 kind
ObjectMeta: 1 name, 2 generateName, 3 namespace, 5 uid, 6 resourceVersion, 7 generation int, 8 creationTimestamp Time, 9 deletionTimestamp Time, 11 labels {}, 12 annotations {}, 13 ownerReferences []OwnerReference, 14 finalizers []
OwnerReference: 1 kind, 3 name, 4 uid, 5 apiVersion, 6 controller bool, 7 blockOwnerDeletion bool
Time: 1 seconds int
LabelSelector: 1 matchLabels {}, 2 matchExpressions []LabelSelectorRequirement
LabelSelectorRequirement: 1 key, 2 operator, 3 values []
LocalObjectReference: 1 name
DeleteOptions: 1 gracePeriodSeconds int!, 2 preconditions Preconditions, 3 orphanDependents bool, 4 propagationPolicy, 5 dryRun []
Preconditions: 1 uid, 2 resourceVersion
Namespace: 1 metadata ObjectMeta, 2 spec NamespaceSpec
NamespaceSpec: 1 finalizers []
Secret: 1 metadata ObjectMeta, 2 data {}bytes, 3 type, 4 stringData {}, 5 immutable bool!
ConfigMap: 1 metadata ObjectMeta, 2 data {}, 3 binaryData {}bytes, 4 immutable bool!
ServiceAccount: 1 metadata ObjectMeta, 4 automountServiceAccountToken bool!
Service: 1 metadata ObjectMeta, 2 spec ServiceSpec
ServiceSpec: 1 ports []ServicePort, 2 selector {}, 3 clusterIP, 4 type, 5 externalIPs [], 7 sessionAffinity, 8 loadBalancerIP, 9 loadBalancerSourceRanges [], 10 externalName, 11 externalTrafficPolicy, 12 healthCheckNodePort int, 13 publishNotReadyAddresses bool, 17 ipFamilyPolicy, 18 clusterIPs [], 19 ipFamilies [], 20 allocateLoadBalancerNodePorts bool!, 21 loadBalancerClass, 22 internalTrafficPolicy
ServicePort: 1 name, 2 protocol, 3 port int, 4 targetPort IntOrString, 5 nodePort int, 6 appProtocol
IntOrString: 1 type int, 2 intVal int, 3 strVal
Pod: 1 metadata ObjectMeta, 2 spec PodSpec
PodTemplateSpec: 1 metadata ObjectMeta, 2 spec PodSpec
PodSpec: 2 containers []Container, 3 restartPolicy, 4 terminationGracePeriodSeconds int!, 6 dnsPolicy, 7 nodeSelector {}, 8 serviceAccountName, 15 imagePullSecrets []LocalObjectReference, 20 initContainers []Container
Container: 1 name, 2 image, 3 command [], 4 args [], 5 workingDir, 6 ports []ContainerPort, 7 env []EnvVar, 13 terminationMessagePath, 14 imagePullPolicy
ContainerPort: 1 name, 2 hostPort int, 3 containerPort int, 4 protocol, 5 hostIP
EnvVar: 1 name, 2 value
Deployment: 1 metadata ObjectMeta, 2 spec DeploymentSpec
DeploymentSpec: 1 replicas int!, 2 selector LabelSelector, 3 template PodTemplateSpec, 4 strategy DeploymentStrategy, 5 minReadySeconds int, 6 revisionHistoryLimit int!, 7 paused bool, 9 progressDeadlineSeconds int!
DeploymentStrategy: 1 type
Ingress: 1 metadata ObjectMeta, 2 spec IngressSpec
IngressSpec: 1 defaultBackend IngressBackend, 2 tls []IngressTLS, 3 rules []IngressRule, 4 ingressClassName
IngressTLS: 1 hosts [], 2 secretName
IngressRule: 1 host, 2 ingressRuleValue ^IngressRuleValue
IngressRuleValue: 1 http HTTPIngressRuleValue
HTTPIngressRuleValue: 1 paths []HTTPIngressPath
HTTPIngressPath: 1 path, 2 backend IngressBackend, 3 pathType
IngressBackend: 3 resource TypedLocalObjectReference, 4 service IngressServiceBackend
IngressServiceBackend: 1 name, 2 port ServiceBackendPort
ServiceBackendPort: 1 name, 2 number int
TypedLocalObjectReference: 1 apiGroup, 2 kind, 3 name
SelfSubjectAccessReview: 1 metadata ObjectMeta, 2 spec SelfSubjectAccessReviewSpec
SelfSubjectAccessReviewSpec: 1 resourceAttributes ResourceAttributes, 2 nonResourceAttributes NonResourceAttributes
ResourceAttributes: 1 namespace, 2 verb, 3 group, 4 version, 5 resource, 6 subresource, 7 name
NonResourceAttributes: 1 path, 2 verb
SelfSubjectRulesReview: 1 metadata ObjectMeta, 2 spec SelfSubjectRulesReviewSpec
SelfSubjectRulesReviewSpec: 1 namespace
SelfSubjectReview: 1 metadata ObjectMeta
`;

/** A message by name: its fields by number. */
export type Messages = ReadonlyMap<string, ReadonlyMap<number, FieldType>>;

/** Reads the table above. */
export function messages(): Messages {
  const lines = TEXT.trim().split("\n");
  return new Map(
    lines.map((line) => {
      const [name = "", fields = ""] = line.split(": ");
      return [name, new Map(fields.split(", ").map(fieldOf))] as const;
    }),
  );
}

function fieldOf(text: string): readonly [number, FieldType] {
  const [number = "", name = "", written = ""] = text.split(" ");
  const many = written.startsWith("[]") ? "list" : written.startsWith("{}") ? "map" : "one";
  const type = written.replace(/^(\[\]|\{\}|\^)/, "").replace("!", "") || "string";
  const kept = written.endsWith("!");
  return [Number(number), { name, type, many, inline: written.startsWith("^"), kept }];
}
