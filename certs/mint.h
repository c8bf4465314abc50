// Minting: blueprint in, certificate out. The same version, seed and blueprint give the same octets on every machine.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certs/blueprint.h"

namespace relayproof::certs {

class PrivateKey;
struct OwnRoot;

struct MintOptions {
  std::uint64_t seed = 0;
  Usual unsaid{};                 ///< what blueprints do not say
  const OwnRoot* root = nullptr;  ///< stands in for the first trusted authority; read when the mint is made. The
                                  ///< certificates of its issuers are NAME-issuer-1 and so on, the last one trusted
};

/// What is minted from one blueprint: everything a TLS client needs to present it.
struct Fixture {
  std::string id;  ///< "names.dns.nul-suffix"
  std::vector<std::string>
      chain;        ///< DER, in the order in which it is sent; the leaf stands first unless that is the point
  std::string key;  ///< PKCS#8 DER; not the leaf's own where possession is the point
  /// false: `key` carries the leaf's public point beside a foreign scalar, or another certificate stands first
  bool ownKey = true;
  std::string leaf{};  ///< DER; stands in `chain` too, wherever the blueprint puts it
};

/// Issues certificates under the authorities of one file (corpus/blueprints/authorities.json).
class Mint {
 public:
  /// `authorities` is that file's root node; it throws Error like every reader of Node (use inside readDocument).
  Mint(const Node& authorities, const MintOptions& options);
  Mint(const Node& authorities, std::uint64_t seed) : Mint(authorities, MintOptions{.seed = seed}) {}
  ~Mint();
  Mint(Mint&&) noexcept;
  Mint& operator=(Mint&&) noexcept;

  /// More authorities, under those that are there: the key "authorities" of a set. Throws Error.
  void add(const Node& authorities);

  /// Mints one fixture. `blueprint` says only what deviates from a valid leaf under the default authority; throws
  /// Error.
  Fixture issue(const std::string& id, const Node& blueprint) const;

  /// Whether a blueprint is about the trusted root itself, where a CA below somebody's root stands for it.
  bool isAboutMissingRoot(const Json& blueprint) const;

  std::uint64_t seed() const;
  /// HOST:PORT at which its certificates say that our CRLs are.
  const std::string& crlAddress() const;
  /// When its certificates are judged, seconds since the epoch: the first second of 2026, or of the user's root if that
  /// is later.
  std::int64_t judgedAt() const;
  /// The CRL (DER) by the authority of that name, from its blueprint (certs/crl.h); throws Error.
  std::string crl(const std::string& name, const Node& blueprint) const;
  /// Certificates (DER) that a relay under test has to trust: the default root.
  std::vector<std::string> trustAnchors() const;
  /// Every authority's certificate by name.
  const std::map<std::string, std::string>& authorities() const;
  /// The private key of a test authority, PKCS#8 DER; nothing for a root of the user's own, which nobody else's files
  /// should hold. std::out_of_range for a name that `authorities` lacks.
  std::optional<std::string> authorityKey(const std::string& name) const;
  /// The same key as a signer.
  const PrivateKey& signer(const std::string& name) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// PEM text of one DER object; `label` is "CERTIFICATE" or "PRIVATE KEY".
std::string pem(std::string_view label, std::string_view der);
/// Every certificate (DER) in a PEM text; or the one of base64 DER without armour, or of DER itself.
Expected<std::vector<std::string>> certificatesFromPem(std::string_view text, const std::string& place);

}  // namespace relayproof::certs
