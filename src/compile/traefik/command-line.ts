import type { CommandLine } from "../command-line.ts";

const all = (prefix: string, names: string): readonly string[] =>
  names.split(" ").map((name) => `${prefix}${name}`);

/** Flags of Traefik 3.7 (`traefik --help`). */
export const TRAEFIK_COMMAND_LINE: Omit<CommandLine, "images"> = {
  spelling: "caseless",
  read: [
    ...all(
      "entryPoints.<name>.",
      "address= asDefault forwardedHeaders.insecure forwardedHeaders.trustedIPs= forwardedHeaders.notAppendXForwardedFor forwardedHeaders.addXForwardedSchemeHeaders http.middlewares= http.tls http.tls.options= http.tls.certResolver= http.sanitizePath http.underscoreHeadersStrategy= http.redirections.entryPoint.to= http.redirections.entryPoint.scheme= http.redirections.entryPoint.permanent http.redirections.entryPoint.priority=",
    ),
    ...all(
      "entryPoints.<name>.http.encodedCharacters.",
      "allowEncodedSlash allowEncodedBackSlash allowEncodedNullCharacter allowEncodedSemicolon allowEncodedPercent allowEncodedQuestionMark allowEncodedHash",
    ),
    ...all("providers.", "precedence="),
    ...all("providers.kubernetesIngress.", "ingressClass= strictPrefixMatching allowExternalNameServices"),
    ...all("providers.kubernetesCRD.", "ingressClass= allowExternalNameServices allowCrossNamespace"),
    "core.defaultRuleSyntax=",
  ],
  unread: [
    ...all(
      "entryPoints.<name>.",
      "proxyProtocol proxyProtocol.insecure proxyProtocol.trustedIPs= forwardedHeaders.connection= http.encodeQuerySemicolons http.maxHeaderBytes= http.aggregator udp.timeout= allowACMEByPass http3 http3.advertisedPort= http2.maxConcurrentStreams= http2.maxDecoderHeaderTableSize= http2.maxEncoderHeaderTableSize= transport.respondingTimeouts.readTimeout= transport.respondingTimeouts.writeTimeout=",
    ),
    ...all(
      "providers.kubernetesIngress.",
      "namespaces= labelSelector= allowEmptyServices disableIngressClassLookup disableClusterScopeResources nativeLBByDefault crossProviderNamespaces=",
    ),
    ...all(
      "providers.kubernetesCRD.",
      "namespaces= labelSelector= allowEmptyServices disableClusterScopeResources nativeLBByDefault",
    ),
    ...all(
      "providers.kubernetesGateway",
      " .experimentalChannel .namespaces= .labelSelector= .nativeLBByDefault",
    ),
    ...all("providers.kubernetesIngressNGINX", " .ingressClass= .controllerClass= .watchNamespace="),
    ...all("providers.file", " .directory= .filename= .watch .debugLogGeneratedTemplate"),
    ...all(
      "serversTransport.",
      "insecureSkipVerify rootCAs= maxIdleConnsPerHost= forwardingTimeouts.dialTimeout= forwardingTimeouts.responseHeaderTimeout= forwardingTimeouts.idleConnTimeout=",
    ),
    ...all(
      "experimental.",
      "fastProxy fastProxy.debug abortOnPluginFailure kubernetesGateway kubernetesIngressNGINX",
    ),
    ...all("experimental.plugins.<name>.", "moduleName= version= hash="),
    ...all("experimental.localPlugins.<name>.", "moduleName="),
    ...all("configFile", "="),
  ],
  idle: [
    ...all(
      "entryPoints.<name>",
      " .reusePort .transport.lifeCycle.requestAcceptGraceTimeout= .transport.lifeCycle.graceTimeOut= .transport.respondingTimeouts.idleTimeout= .transport.keepAliveMaxTime= .transport.keepAliveMaxRequests= .observability.accessLogs .observability.metrics .observability.tracing .observability.traceVerbosity=",
    ),
    ...all("entryPoints.<name>.http.tls.domains[].", "main= sans="),
    ...all("api", " .dashboard .debug .insecure .basePath= .disableDashboardAd"),
    ...all("ping", " .entryPoint= .manualRouting .terminatingStatusCode="),
    ...all("log", " .level= .format= .filePath= .noColor .maxSize= .maxBackups= .maxAge= .compress"),
    ...all(
      "accessLog",
      " .filePath= .format= .bufferingSize= .addInternals .genericCLF .filters.statusCodes= .filters.retryAttempts .filters.minDuration= .fields.defaultMode= .fields.names.<name>= .fields.headers.defaultMode= .fields.headers.names.<name>=",
    ),
    ...all("global.", "checkNewVersion sendAnonymousUsage"),
    ...all("providers.", "providersThrottleDuration="),
    ...all("hostResolver", " .cnameFlattening .resolvConfig= .resolvDepth="),
    ...all(
      "metrics",
      " .addInternals .prometheus .prometheus.entryPoint= .prometheus.buckets= .prometheus.addEntryPointsLabels .prometheus.addRoutersLabels .prometheus.addServicesLabels .prometheus.manualRouting .prometheus.headerLabels.<name>= .otlp .otlp.http .otlp.http.endpoint= .otlp.grpc .otlp.grpc.endpoint= .otlp.grpc.insecure .otlp.pushInterval= .otlp.serviceName= .datadog .datadog.address= .statsD .statsD.address= .influxDB2 .influxDB2.address=",
    ),
    ...all(
      "tracing",
      " .addInternals .serviceName= .sampleRate= .globalAttributes.<name>= .resourceAttributes.<name>= .capturedRequestHeaders= .capturedResponseHeaders= .safeQueryParams= .otlp .otlp.http .otlp.http.endpoint= .otlp.http.headers.<name>= .otlp.grpc .otlp.grpc.endpoint= .otlp.grpc.insecure .otlp.grpc.headers.<name>=",
    ),
    ...all(
      "certificatesResolvers.<name>.acme.",
      "email= caServer= storage= keyType= preferredChain= certificatesDuration= eab.kid= eab.hmacEncoded= dnsChallenge dnsChallenge.provider= dnsChallenge.resolvers= dnsChallenge.propagation.delayBeforeChecks= dnsChallenge.delayBeforeCheck= httpChallenge httpChallenge.entryPoint= tlsChallenge caCertificates= caSystemCertPool caServerName= profile=",
    ),
    ...all(
      "providers.kubernetesIngress",
      " .endpoint= .token= .certAuthFilePath= .throttleDuration= .ingressEndpoint.ip= .ingressEndpoint.hostname= .ingressEndpoint.publishedService=",
    ),
    ...all("providers.kubernetesCRD", " .endpoint= .token= .certAuthFilePath= .throttleDuration="),
    ...all("spiffe.", "workloadAPIAddr="),
    ...all("ocsp", " .responderOverrides.<name>="),
  ],
  asOptions: (flags) => ({ onlyClass: flags.get("providers.kubernetesingress.ingressclass") || undefined }),
};
