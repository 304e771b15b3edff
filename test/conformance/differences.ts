const DATA = "the suite's data names a listener that its Gateway does not have";
const NO_COUNT = "Envoy Gateway leaves the count out where it is 0";
const PLACEHOLDERS = "the API server refuses the addresses, which the suite fills in for its cluster";
const SUPPORTED = "the suite asks for it where a controller cannot end TLS for a TLSRoute; Envoy Gateway can";

/** Statuses that are not as the suite wants them, by test and object, with the reason. */
export const STATUS_DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ["GatewayStaticAddresses Gateway gateway-static-addresses", PLACEHOLDERS],
  [
    "GatewayOptionalAddressValue Gateway gateway-without-address-value",
    "Envoy Gateway's write of the status is refused, so it never reaches the object",
  ],
  ["ListenerSetAllowedNamespaceNone Gateway gateway-does-not-allow-listenerset", NO_COUNT],
  ["ListenerSetDefaultNotAllowed Gateway gateway-default-does-not-allow-listenerset", NO_COUNT],
  ["ListenerSetHTTPRouting Gateway gateway-with-listener-sets-http-routing", DATA],
  [
    "TLSRouteListenerMixedTerminationNotSupported Gateway gateway-tlsroute-mixed-termination-not-supported",
    SUPPORTED,
  ],
  ["TLSRouteListenerTerminateNotSupported Gateway gateway-tlsroute-terminate-unsupported", SUPPORTED],
]);
