/** A name that a certificate presents, or the fault of one. */
export interface Identifier {
  kind: 'CN' | 'DNS-ID';
  /** Its ASN.1 string type. */
  type: string;
  /** Its octets, those outside printable ASCII as \xHH. */
  value: string;
}

export interface Fixture {
  id: string;
  /** What it is for, a sentence. */
  why: string;
  sources: string[];
  files: { chain: string; leaf: string; key: string; pkcs12?: string };
  presented: Identifier[];
  /** What is wrong with it, if anything. */
  wrong: unknown[];
  /** By profile, what a relay may do for whoever presents it. */
  verdicts: Record<string, string[]>;
  /** Where a foreign parser does not read what the certificate presents, or refuses it. */
  notes?: { parser: string; note: string }[];
  blueprint: unknown;
  sha256: Record<string, string>;
  [more: string]: unknown;
}

/** relayproof.fixtures/1 */
export interface Manifest {
  schema: string;
  set: string;
  seed: number;
  certificates: Fixture[];
  [more: string]: unknown;
}

/** Names of the sets. */
export const sets: string[];
/** Path of a set's folder; throws RangeError for a set that is not there. */
export function folder(set: string): string;
/** The manifest of a set. */
export function manifest(set: string): Manifest;
/** One certificate of a set by its id, its files as absolute paths; throws RangeError for an id that is not there. */
export function fixture(set: string, id: string): Fixture;
