// The parts of a certificate (RFC 5280 4.1) as views into its DER octets, by a walk of our own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "certs/document.h"

namespace relayproof::certs {

struct ExtensionView {
  std::string_view oid;  ///< content octets
  bool critical = false;
  std::string_view value;  ///< content octets of extnValue
};

/// Views live as long as the octets that were walked. Whole elements, but where said otherwise.
struct CertificateView {
  std::string_view serial;  ///< content octets
  std::string_view issuer;
  std::string_view validity;
  std::string_view subject;
  std::string_view publicInfo;
  std::vector<ExtensionView> extensions;  ///< in DER order
};

/// An Error where the octets are no certificate as far as its extensions; the signature is not looked at.
Expected<CertificateView> walkCertificate(std::string_view der);

struct AttributeView {
  std::string_view oid;  ///< content octets
  std::uint8_t tag = 0;
  std::string_view octets;  ///< content octets of the value
  bool startsRdn = false;   ///< false: joined to the attribute before it in a multi-valued RDN
};

/// The attributes of a Name in DER order.
Expected<std::vector<AttributeView>> walkName(std::string_view name);

inline constexpr std::string_view kCommonNameOid = "\x55\x04\x03";
inline constexpr std::string_view kSubjectAltNameOid = "\x55\x1d\x11";
inline constexpr std::string_view kExtendedKeyUsageOid = "\x55\x1d\x25";
/// id-on-dnsSRV (RFC 4985).
inline constexpr std::string_view kSrvNameOid = "\x2b\x06\x01\x05\x05\x07\x08\x07";

}  // namespace relayproof::certs
