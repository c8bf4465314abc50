// The decision: may this peer's mail to this recipient pass, for whom, and why. Pure functions over values.
// Source: the notice "Important notice for Office 365 email customers who have configured connectors" (2017) and its
// successors.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "certs/identifiers.h"
#include "conformance/verdict/path.h"
#include "conformance/verdict/profile.h"
#include "conformance/verdict/tenancy.h"

namespace relayproof::verdict {

enum class Verdict { deliver, relay, deny, refuseTls };
std::string_view name(Verdict verdict);  ///< "deliver", "relay", "deny", "refuse-tls"

/// What a reply can show of a verdict.
enum class Wire { accept, deny, refuseTls };
Wire onTheWire(Verdict verdict);

enum class Revocation { notNamed, good, revoked, unknown };

/// What the decision needs of a client certificate. Whether it verifies is found out elsewhere.
struct ClientCertificate {
  bool verified = false;
  bool ownKey = true;                                   ///< the peer holds the private key; else it is not verified
  std::string unverifiedBecause;                        ///< in the words of whoever verified; may be empty
  std::vector<certs::PresentedIdentifier> commonNames;  ///< DER order
  std::vector<certs::PresentedIdentifier> dnsNames;
  bool otherSubjectIdentifiers = false;
  bool subjectAltNameMalformed = false;
  std::optional<std::vector<std::string>> extendedKeyUsage;  ///< nullopt: every purpose
  Revocation revocation = Revocation::notNamed;
  std::set<std::size_t> commonNamesOutsideConstraint;  ///< places in commonNames: outside a dNSName constraint
};

struct Peer {
  Ipv4 address = 0;
  std::optional<ClientCertificate> certificate;
  bool tls = true;  ///< the session is under TLS; RequireTls of Partner connectors asks for it
};

/// Paths without their angle brackets; an empty reverse-path is null. headerFrom is P2, an address or empty.
struct Envelope {
  std::string reversePath;
  std::string headerFrom;
  std::string recipient;
};

enum class Basis { b3a, b3b, b3b2023 };
std::string_view name(Basis basis);  ///< "3a", "3b", "3b-2023"

struct Decision {
  Verdict verdict = Verdict::deny;
  std::optional<std::string> tenant;
  std::set<Basis> basis;
  bool operator==(const Decision&) const = default;
};

/// What one relay with that assignment decides.
Decision decide(const Tenancy& tenancy, const Assignment& assignment, const Peer& peer, const Envelope& envelope);

/// What any relay within the profile may decide: the union over all combinations of the values in force, one entry a
/// verdict and tenant (basis: the union), in the order of verdict and tenant. Only options that this input touches are
/// enumerated.
struct Acceptable {
  std::vector<Decision> answers;
  std::vector<Option> hangsOn;  ///< options whose value changes what shows on the wire or the tenant
  /// How it comes about, a line an answer: `ids={…} M={…} A={…} registered: … → 3b={…} 3a={…} → deny`. With several
  /// answers each line begins with the values of `hangsOn` that give it.
  std::string derivation;
  std::set<Wire> wire() const;
};
Acceptable acceptable(const Tenancy& tenancy, const Profile& profile, const Peer& peer, const Envelope& envelope);

/// The deciding step by itself: does a connector's pattern match one presented identifier?
struct MatchAnswer {
  std::optional<bool> match;  ///< nullopt: the profile allows both
  bool malformed = false;     ///< under every value in force; of a certificate: nothing in it is well-formed
  std::string why;
};
MatchAnswer matchName(const DomainPattern& pattern, const certs::PresentedIdentifier& presented,
                      const Profile& profile);

/// The same over all identifiers of a certificate, options commonName, multipleCommonNames, malformedSibling applied.
struct CertificateMatchAnswer {
  MatchAnswer answer;
  std::optional<certs::PresentedIdentifier> by;
};
CertificateMatchAnswer matchCertificate(const DomainPattern& pattern, const ClientCertificate& certificate,
                                        const Profile& profile);

}  // namespace relayproof::verdict
