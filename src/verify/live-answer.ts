import type { HeaderLine } from "../model/decision.ts";

/** A certificate that a controller showed, as far as it is compared. Foreign text, not yet printable. */
export interface SeenCertificate {
  /** The subject's common name, else its first alternative name. */
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  /** SHA-256, as OpenSSL prints it: `AB:CD:…` */
  readonly fingerprint: string;
  /** It names the host that was asked for. */
  readonly covers: boolean;
}

export type ShownCertificate = SeenCertificate | { readonly unreadable: string };

/** What came of one request to a running controller. */
export type LiveAnswer =
  | {
      readonly kind: "answered";
      readonly status: number;
      /** As sent; one char per byte. */
      readonly location: string | undefined;
      readonly headers: readonly HeaderLine[];
      /** At most 64 KiB; one char per byte. */
      readonly body: string;
      readonly certificate: ShownCertificate | undefined;
    }
  | {
      readonly kind: "silent";
      readonly during: "connection" | "TLS" | "answer";
      /** A clause: `the connection was refused`. */
      readonly why: string;
      readonly certificate: ShownCertificate | undefined;
    };
