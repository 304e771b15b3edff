/** Certificates between a peer's and a trusted one: BoringSSL's limit, and so Envoy's. */
export const LONGEST_CHAIN = 100;
