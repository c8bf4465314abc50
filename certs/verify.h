// Does a chain verify? The facts that a verdict needs of it, by OpenSSL, at a time that the caller gives.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace relayproof::certs {

struct ChainFacts {
  /// The chain leads to an anchor and is in order at that time; purposes (EKU), revocation, a malformed subjectAltName
  /// and the common name under a dNSName constraint are left to the profile and stand in the other members.
  bool verified = false;
  std::string error;  ///< OpenSSL's words when not verified, else empty
  /// Purposes that the leaf and every CA of the path allow, as "clientAuth", "serverAuth", "any" (anyExtendedKeyUsage)
  /// or dotted OIDs; nullopt: every purpose.
  std::optional<std::vector<std::string>> extendedKeyUsage;
  /// Which of the leaf's common names, by their place, fall outside a dNSName constraint of the path.
  std::set<std::size_t> commonNamesOutsideConstraint;
  bool namesCrl = false;  ///< the leaf or an intermediate names a CRL distribution point
};

/// Verifies chains against anchors (DER), roots or not. Keeps the issuers that it has decoded: most chains share them,
/// and decoding is most of the work. For one thread.
class ChainVerifier {
 public:
  explicit ChainVerifier(const std::vector<std::string>& anchors);
  ~ChainVerifier();
  ChainVerifier(ChainVerifier&&) noexcept;

  /// `chain` as sent, leaf first (DER). `at`: seconds since the epoch.
  ChainFacts verify(const std::vector<std::string>& chain, std::int64_t at);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Whether the certificate (DER) bears its own name as its issuer's, as a root does.
bool isSelfIssued(const std::string& certificate);
/// A single chain.
ChainFacts verifyChain(const std::vector<std::string>& chain, const std::vector<std::string>& anchors, std::int64_t at);

}  // namespace relayproof::certs
