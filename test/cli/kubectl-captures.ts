/** An Ingress with every form of `kubectl describe`. */
export const SAMPLE = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: sample
  labels: {app: sample}
  annotations:
    nginx.ingress.kubernetes.io/rewrite-target: /$2
    nginx.ingress.kubernetes.io/ssl-redirect: "true"
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: fallback, port: {number: 8080}}}
  tls:
  - {hosts: [shop.example.test, api.example.test], secretName: shop-tls}
  - {hosts: ["*.wild.example.test"]}
  rules:
  - host: shop.example.test
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}
      - {path: /cart(/|$)(.*), pathType: ImplementationSpecific, backend: {service: {name: missing, port: {number: 80}}}}
      - {path: /icons, pathType: Exact, backend: {resource: {apiGroup: k8s.example.com, kind: StorageBucket, name: icons}}}
  - host: api.example.test
    http:
      paths:
      - {path: /v1, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
  - host: "*.wild.example.test"
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 81}}}}]}
  - http: {paths: [{path: /any, pathType: Prefix, backend: {service: {name: empty, port: {number: 80}}}}]}
`;

const CATCH_ALL = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: catch-all}
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {name: http}}}
`;

const MADE = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: made}
spec:
  ingressClassName: nginx
  tls: [{hosts: [made.example.test], secretName: shop-tls}]
  rules:
  - host: made.example.test
    http: {paths: [{path: /path, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
  - host: made2.example.test
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}]}
`;

/** The output of `kubectl describe ingress` v1.36, trailing blanks included. */
export const CAPTURED = [
  {
    name: "sample",
    manifest: SAMPLE,
    address: "192.168.49.2",
    printed: [
      "Name:             sample",
      "Labels:           app=sample",
      "Namespace:        default",
      "Address:          192.168.49.2",
      "Ingress Class:    nginx",
      "Default backend:  fallback:8080 (10.244.0.6:8080,10.244.0.8:8080,10.244.0.7:8080 + 2 more...)",
      "TLS:",
      "  shop-tls terminates shop.example.test,api.example.test",
      "  SNI routes *.wild.example.test",
      "Rules:",
      "  Host                 Path  Backends",
      "  ----                 ----  --------",
      "  shop.example.test    ",
      "                       /                web:http (10.244.0.3:8080,10.244.0.4:8080)",
      '                       /cart(/|$)(.*)   missing:80 (<error: services "missing" not found>)',
      "                       /icons           APIGroup: k8s.example.com, Kind: StorageBucket, Name: icons",
      "  api.example.test     ",
      "                       /v1   web:80 (10.244.0.3:8080,10.244.0.4:8080)",
      "  *.wild.example.test  ",
      "                       /   web:81 ()",
      "  *                    ",
      "                       /any   empty:80 ()",
      "Annotations:           nginx.ingress.kubernetes.io/rewrite-target: /$2",
      "                       nginx.ingress.kubernetes.io/ssl-redirect: true",
      "Events:                <none>",
    ]
      .join("\n")
      .concat("\n"),
  },
  {
    name: "catch-all",
    manifest: CATCH_ALL,
    address: "",
    printed: [
      "Name:             catch-all",
      "Labels:           <none>",
      "Namespace:        default",
      "Address:          ",
      "Ingress Class:    nginx",
      "Default backend:  web:http (10.244.0.3:8080,10.244.0.4:8080)",
      "Rules:",
      "  Host        Path  Backends",
      "  ----        ----  --------",
      "  *           *     web:http (10.244.0.3:8080,10.244.0.4:8080)",
      "Annotations:  <none>",
      "Events:       <none>",
    ]
      .join("\n")
      .concat("\n"),
  },
  {
    name: "made",
    manifest: MADE,
    address: "",
    printed: [
      "Name:             made",
      "Labels:           <none>",
      "Namespace:        default",
      "Address:          ",
      "Ingress Class:    nginx",
      "Default backend:  <default>",
      "TLS:",
      "  shop-tls terminates made.example.test",
      "Rules:",
      "  Host                Path  Backends",
      "  ----                ----  --------",
      "  made.example.test   ",
      "                      /path   web:80 (10.244.0.3:8080,10.244.0.4:8080)",
      "  made2.example.test  ",
      "                      /   web:http (10.244.0.3:8080,10.244.0.4:8080)",
      "Annotations:          <none>",
      "Events:               <none>",
    ]
      .join("\n")
      .concat("\n"),
  },
] as const;
