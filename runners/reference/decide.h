#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runners/reference/address.h"
#include "runners/reference/behaviour.h"
#include "runners/reference/identity.h"
#include "runners/reference/tenancy.h"

// May this peer send to this recipient? The decision of the relay: a function of values, with no I/O and no memory.
namespace relayproof::reference {

struct Peer {
  std::optional<std::uint32_t> address;  // IPv4 in host order; nothing for other families
  bool tls = false;
  Identity identity;            // of the verified certificate, else empty
  std::string heloName;         // heard, never believed
  std::string serverName = {};  // asked for in the handshake; the same
};

struct Envelope {
  Path sender;
  std::string headerDomain;              // of the header From, folded, for senderIdentity envelopeOrHeader; else empty
  std::string authParameter;             // AUTH= of MAIL, heard, never believed
  bool smtpUtf8 = false;                 // said at MAIL (RFC 6531)
  bool eightBit = false;                 // the same: BODY=8BITMIME (RFC 6152)
  std::string recipientParameters = {};  // of the last RCPT (RFC 3461), heard, never believed
};

enum class Verdict { deliver, relay, deny };

struct Decision {
  Verdict verdict = Verdict::deny;
  std::string tenant;              // empty for none
  std::vector<std::string> basis;  // of a relay, each of 3b, 3a, 3b-2023 that grants it to the tenant
  std::string refusal;             // of a denial, the reply without CRLF
  std::string passTo;              // the address to pass it on to; empty where it was denied
};

inline constexpr std::string_view relayDenied = "550 5.7.64 Relay Access Denied ATTR36";
inline constexpr std::string_view partnerDenied = "550 5.7.51 Restricted by a partner connector";
inline constexpr std::string_view deniedByPolicy = "554 5.7.1 Access denied";  // for both, under denyReply policy5xx

// The steps that a known bug may replace. As they stand here they are right.
struct Steps {
  bool (*matches)(const Behaviour&, const Connector&, const Presented&);
  bool (*grants)(const Connector&);  // may this connector give relay at all?
  bool (*holds)(const Network&, std::uint32_t address);
  bool (*registered)(const Behaviour&, const Tenant&, std::string_view name);
  bool (*covers)(const Tenant&, std::string_view domain);
  // The sender's half of 3a.
  bool (*sendsFor)(const Steps&, const Behaviour&, const Tenant&, const Connector&, const Envelope&);
};

extern const Steps rightSteps;

Decision decide(const Tenancy& tenancy, const Behaviour& behaviour, const Peer& peer, const Envelope& envelope,
                const Path& recipient, const Steps& steps = rightSteps);

// The tenant that accepts `domain`, by its longest accepted domain; null for none.
const Tenant* ownerOf(const Tenancy& tenancy, std::string_view domain);

}  // namespace relayproof::reference
