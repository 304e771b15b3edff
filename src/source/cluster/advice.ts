export function startAdvice(context: string): string {
  const [, tool, name] = /^(kind|k3d|colima)-(.+)$/.exec(context) ?? [];
  if (tool === "kind") return `Start it: docker start ${name}-control-plane`;
  if (tool === "k3d") return `Start it: k3d cluster start ${name}`;
  if (tool === "colima") return `Start it: colima start ${name} --kubernetes`;
  switch (context) {
    case "minikube":
      return "Start it: minikube start";
    case "docker-desktop":
      return "Start Docker Desktop, and switch Kubernetes on in its settings.";
    case "rancher-desktop":
      return "Start Rancher Desktop: rdctl start";
    case "orbstack":
      return "Start it: orb start k8s";
    case "colima":
      return "Start it: colima start --kubernetes";
    default:
      return `See whether kubectl reaches it: kubectl --context ${context} get ingress -A`;
  }
}
