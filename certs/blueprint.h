// A blueprint: the JSON object that says how a certificate deviates from a valid one, read into a value. Every mistake
// in it is an Error that names the key and the mend. The keys, all optional:
//
//   cn                text, or array of texts: CN attributes after O=relayproof fixture, an RDN each
//   subject           array of RDNs that replaces the whole subject: [{"O": T, "OU": T}, {"CN": T}]
//   dns               array of texts: dNSName entries, the first of subjectAltName
//   san               array, after these, of {"dns"|"email"|"uri"|"ip"|"directory"|"other"|"registered"|"x400": …},
//                     {"many": {"count", "dns"}}, {"raw": {"hex"}} and {"tagged": ELEMENT}
//   sanForm           normal, critical, empty, undecodable; twice-first, twice-second: the extension is there twice
//                     and these names stand in the first or second
//   sanOther          like san: the names of the other copy
//   notBefore/After   "2020-01-01T00:00:00Z", years 1950 to 9999; {"UTCTime": "500101000000Z"} or
//                     {"GeneralizedTime": …} for other octets
//   issuer            an authority's name, or self
//   through           authorities between the issuer and the leaf, of this fixture alone: array of blueprints, the
//                     topmost first; a number stands for as many that say nothing
//   chain             what is sent instead of the leaf and its authorities below the root: array of leaf, names, n for
//                     the n-th of `through`, and {"certificate": BLUEPRINT} for another end-entity certificate, whose
//                     key nobody holds
//   ca                true: basicConstraints CA:TRUE and keyUsage keyCertSign
//   extendedKeyUsage  array of clientAuth, serverAuth, any, codeSigning or object identifiers; null: none
//   keyUsage          array of the names of RFC 5280 4.2.1.3; null: none
//   pathLength        pathLenConstraint, 0 to 100
//   nameConstraints   {"permitted": […], "excluded": […]} of names as in san; {"ip": {"hex": "…"}} with its mask
//   key, keyOf        p256, p384, rsa2048, rsa3072, rsa4096, rsaPss2048, ed25519; own or foreign (the key
//                     handed out does not fit the certificate)
//   sharedKey         a name: the key is that of every fixture that says the same; where it is foreign, the key handed
//                     out is
//   signature         good, broken (its last octet flipped), foreign (made by another key than the issuer's), renamed,
//                     renamedInside (outside of what is signed another algorithm is named, or inside), empty (of no
//                     octets), unknown (foreign, and by an algorithm that nobody knows)
//   scheme            usual, sha1, pss: how the issuer signs it (certs/key.h)
//   crl               array of URIs where a CRL is said to be; {crl} in them is the HOST:PORT where ours are served
//   extensions        array of {"oid", "critical", "hex" or "tagged"}, replacing what would stand under the same OID;
//                     where hex is null nothing does
//   version           1: as before there were extensions
//   serial            {"hex": "…"}, the content octets
//   sameAs, nameOf,   in an authority only: it has subject and key of the one that is named, or its subject alone, or
//   keyFrom           its key alone
//   why               in an authority only
//
// Texts and elements: certs/name_blueprint.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certs/document.h"
#include "certs/key.h"

namespace relayproof::certs {

enum class SanForm { normal, critical, empty, undecodable, twiceFirst, twiceSecond };
enum class SignatureForm { good, broken, foreign, renamed, renamedInside, empty, unknown };

struct BlueprintExtension {
  std::string oid;  ///< content octets
  bool critical = false;
  std::optional<std::string> value;  ///< nullopt: the certificate goes without it
};

struct Blueprint {
  std::string subject;                ///< Name, DER
  std::vector<std::string> san;       ///< GeneralNames, DER each
  std::vector<std::string> sanOther;  ///< those of the second copy
  SanForm sanForm = SanForm::normal;
  std::string notBefore;  ///< Time, DER
  std::string notAfter;
  std::optional<std::string> issuer;  ///< nullopt: the default authority
  std::optional<std::vector<std::string>> chain;
  bool ca = false;
  std::optional<std::int64_t> pathLength;
  std::optional<std::string> nameConstraints;  ///< content of extnValue
  std::vector<std::string> extendedKeyUsage;   ///< content octets of object identifiers; empty: no extension
  std::uint16_t keyUsage = 0;                  ///< bit n is the n-th name of RFC 5280 4.2.1.3; 0: no extension
  KeyType key = KeyType::p256;
  bool foreignKey = false;
  std::optional<std::string> sharedKey;
  SignatureForm signature = SignatureForm::good;
  SignatureScheme scheme = SignatureScheme::usual;
  bool version1 = false;
  std::vector<BlueprintExtension> extensions;
  std::optional<std::string> serial;
  std::optional<std::string> sameAs;  ///< an authority's name
  std::optional<std::string> nameOf;
  std::optional<std::string> keyFrom;
};

inline constexpr std::int64_t kUsualNotAfter = 2'524'521'600;  ///< 2049-12-31T00:00:00Z
inline constexpr std::string_view kUsualCrlAddress = "127.0.0.1:2680";

/// What certificates hold that say nothing else.
struct Usual {
  std::int64_t notAfter = kUsualNotAfter;                  ///< seconds since the epoch
  std::string crlAddress = std::string(kUsualCrlAddress);  ///< HOST:PORT of our CRLs
};

/// What a blueprint that says nothing stands for: a client's certificate, or a CA's without extendedKeyUsage.
enum class Role { leaf, authority };

/// Throws Error. Whether an authority of that name exists is the Mint's to say.
Blueprint readBlueprint(const Node& node, Role role, const Usual& usual = {});

/// RFC 3339 in UTC without fractions, "2020-01-01T00:00:00Z", as seconds since the epoch; nullopt: no such text or
/// date.
std::optional<std::int64_t> parseTime(std::string_view text);

}  // namespace relayproof::certs
