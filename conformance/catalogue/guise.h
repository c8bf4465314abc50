// The same case in another guise: the same peer asks the same, by other means of SMTP and TLS, about which the rule
// says nothing. A relay that is right in one guise and wrong in another has its mistake where they differ.
#pragma once

#include "conformance/catalogue/catalogue.h"

namespace relayproof::catalogue {

/// The tag of a case in another guise; its id is that of the case, "~" and the guise.
inline constexpr std::string_view kGuise = "guise";

/// Does an id, or a glob, speak of a case in another guise?
inline bool namesGuise(std::string_view id) { return id.find('~') != std::string_view::npos; }

/// What a set-up has, for guises to use it.
struct Means {
  bool otherListener = true;
  bool tls12 = true;
  bool chunking = true;
  bool smtpUtf8 = true;
  bool reload = true;
  bool anyRecipient = true;  ///< any local part will do; else one is said
};

/// Adds to a catalogue its cases in each guise:
///   extended  at the other listener, TLS 1.2; SIZE, BODY, SMTPUTF8, PIPELINING and CHUNKING as far as they are
///             offered; three recipients for one, the message twice, by BDAT and by DATA in the group of its MAIL; the
///             certificate by an authority below, its names behind others
///   basic     TLS 1.3, a key of P-384; HELO, NOOP, a message for three strangers that is given up; then the message
///             four times, with RSET between
///   resumed   by the ticket of a session before it with the same certificate, under TLS 1.3; of those alone that
///             must be denied; its twin stands as it is
///   reloaded  as it stands, once the tenants of other cases were changed while the relay ran; its twin comes before
/// Of whatever a case says itself nothing is changed. One that plays steps of its own, holds another session or several
/// messages, or is about time, stands as it is; and so does one whose twin does.
void addGuises(Catalogue& catalogue, const Means& means);

}  // namespace relayproof::catalogue
