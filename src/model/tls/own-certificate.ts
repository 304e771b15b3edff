/** The certificate that a controller makes itself, for names without one. */
export interface ControllerCertificate {
  /** Its folder among stored certificates. */
  readonly secretName: string;
  readonly hosts: readonly string[];
  readonly commonName: string;
  readonly organization?: string | undefined;
}
