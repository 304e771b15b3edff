/** Class names that installations of other implementations create. */
const CLASSES: readonly (readonly [RegExp, string])[] = [
  [/^istio(-|$)/, "Istio"],
  [/^cilium$/, "Cilium"],
  [/^nginx$/, "NGINX Gateway Fabric"],
  [/^kong$/, "Kong"],
  [/^traefik$/, "Traefik"],
  [/^contour$/, "Contour"],
  [/^haproxy$/, "HAProxy"],
  [/^kgateway$/, "kgateway"],
  [/^gke-/, "GKE"],
  [/^amazon-vpc-lattice$/, "Amazon VPC Lattice"],
  [/^azure-alb-/, "Azure's Application Gateway for Containers"],
  [/^linkerd$/, "Linkerd"],
];

/** Whose class a name usually is. `undefined`: it may be Envoy Gateway's */
export function usualOwner(className: string): string | undefined {
  return CLASSES.find(([name]) => name.test(className))?.[1];
}
