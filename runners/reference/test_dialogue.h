#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runners/reference/dialogue.h"
#include "runners/reference/test_certificates.h"
#include "runners/reference/test_tenancy.h"

// Dialogues without sockets, for the tests of this folder.
namespace relayproof::reference::testing {

inline const std::string hello = "EHLO c.test\r\n";
inline const std::string toTls = hello + "STARTTLS\r\n";
inline const std::string mail = "MAIL FROM:<a@foreign.test>\r\n";
inline const std::string toExternal = "RCPT TO:<b@elsewhere.test>\r\n";
inline const std::string toLocal = "RCPT TO:<b@contoso.test>\r\n";

inline Service serviceWith(const Conduct& conduct = {}) { return {tenancy(), conduct, "X-Tenant"}; }

// The identity of a verified leaf as the relay reads it, faults and all.
inline Identity identityOf(const Minted& leaf, const Conduct& conduct, const std::vector<const Minted*>& behind = {}) {
  CertificateNames names = readNames(leaf.certificate.get());
  if (conduct.faults.misread != nullptr) {
    STACK_OF(X509)* others = sk_X509_new_null();
    sk_X509_push(others, leaf.certificate.get());
    for (const Minted* other : behind) sk_X509_push(others, other->certificate.get());
    conduct.faults.misread({leaf.certificate.get(), others}, names);
    sk_X509_free(others);
  }
  return identify(names, conduct.behaviour);
}

// Of what was played: facts that its text does not tell for sure, as a message may hold any words.
struct Facts {
  bool relayed = false;         // a message went to the next hop
  bool secured = false;         // TLS began
  bool saidAfterwards = false;  // and something was said then
};

// Plays client octets and gives everything that the relay says, and between the replies what it passes on. STARTTLS is
// followed by a handshake that shows `identity`. Received lines are left out, as they carry the time.
inline std::string play(const Service& service, const Identity& identity, std::uint32_t address,
                        const std::vector<std::string>& segments, Facts* facts = nullptr) {
  Facts unasked;
  Facts& seen = facts != nullptr ? *facts : unasked;
  Dialogue dialogue(service, address);
  std::string said;
  const auto drain = [&] {
    seen.saidAfterwards = seen.saidAfterwards || (seen.secured && !dialogue.output().empty());
    said += dialogue.output();
    dialogue.output().clear();
  };
  bool open = true;
  for (std::size_t i = 0; i < segments.size() && open; ++i) {
    dialogue.receive(segments[i]);
    for (bool more = true; more;) {
      const Dialogue::Event event = dialogue.advance();
      drain();
      more = event == Dialogue::Event::startTls || event == Dialogue::Event::passOn;
      open = event != Dialogue::Event::close;
      if (event == Dialogue::Event::startTls) {
        said += "[handshake]\n";
        seen.secured = true;
        dialogue.secured(identity);
      }
      if (event == Dialogue::Event::passOn) {
        for (const Parcel& parcel : dialogue.parcels()) {
          seen.relayed = seen.relayed || !parcel.local;
          said += parcel.local ? "[local <" : "[next <";
          said += parcel.sender + ">";
          for (const std::string& recipient : parcel.recipients) said += " <" + recipient + ">";
          said += "]\n" + withoutHeader(parcel.message, "Received") + "[end]\n";
        }
        dialogue.handedOver(HandedOver::yes);
        drain();
      }
    }
  }
  if (!open) said += "[closed]\n";
  std::erase(said, '\r');
  return said;
}

// The codes of the replies alone, one for a reply: "220 250 550".
inline std::string codesOf(const std::string& said) {
  std::string codes;
  bool inMessage = false;
  for (std::size_t at = 0; at < said.size();) {
    const std::string line = said.substr(at, said.find('\n', at) - at);
    at += line.size() + 1;
    if (line.starts_with("[local") || line.starts_with("[next")) inMessage = true;
    const bool ends = line.ends_with("[end]");
    if (ends) inMessage = false;
    if (ends || inMessage || line.starts_with("[") || line.size() < 3 || (line.size() > 3 && line[3] == '-')) continue;
    codes += (codes.empty() ? "" : " ") + line.substr(0, 3);
  }
  return codes;
}

}  // namespace relayproof::reference::testing
