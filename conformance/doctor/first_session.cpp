#include "conformance/doctor/first_session.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "conformance/doctor/hints.h"
#include "conformance/wire/escape.h"

namespace relayproof::doctor {
namespace {

constexpr double kSlowGreeting = 2;  // seconds

std::string said(const session::Record& record) {
  if (!record.lastReply) return record.endText;
  return fmt::format("{} {}", record.lastReply->code, wire::excerpt(record.lastReply->text(), kMostShown));
}

double timeOfFirst(const session::Record& record, std::string_view from) {
  for (const session::Event& event : record.transcript)
    if (event.from == from) return event.at;
  return record.seconds;
}

/// What follows a failed check is left out.
class Reader {
 public:
  Reader(const FirstSession& seen, const session::Target& target, std::vector<Finding>& findings)
      : seen_(seen), record_(seen.record), target_(target), findings_(findings) {}

  bool read() { return connected() && greeting() && ehloAccepted() && tls() && certificateRequest(); }

 private:
  void say(std::string check, State state, std::string what, std::string mend = {}) {
    findings_.push_back({std::move(check), state, std::move(what), std::move(mend)});
  }
  bool problem(std::string check, std::string what, std::string mend) {
    say(std::move(check), State::problem, std::move(what), std::move(mend));
    return false;
  }

  bool connected() {
    const std::string where = fmt::format("{}:{}", target_.host, target_.port);
    if (record_.end == session::End::unreachable) {
      const bool ours = record_.endText.find("bind") != std::string::npos;
      return problem("connect", record_.endText,
                     ours ? "name an address of this machine for \"stranger\" in the set-up's addresses"
                          : "start the relay, and check host and port of --target and any firewall between");
    }
    say("connect", State::ok, fmt::format("{} answers {}", where, record_.source));
    return true;
  }

  bool greeting() {
    using session::Stage;
    const bool early = record_.endedAt == Stage::connect || record_.endedAt == Stage::greeting;
    if (target_.implicitTls && record_.endedAt == Stage::tls)
      return problem("greeting", fmt::format("no TLS begins at once: {}", record_.endText),
                     "leave --tls implicit out where the port begins in the clear and offers STARTTLS");
    if (!early) {
      const double after = timeOfFirst(record_, "relay");
      const std::string what = fmt::format("greets as \"{}\"", wire::excerpt(record_.greeting, kMostShown));
      if (after > kSlowGreeting)
        say("greeting", State::note, fmt::format("{} only after {:.1f} s", what, after),
            "let the relay greet our addresses without a delay, or a run takes that long a session");
      else
        say("greeting", State::ok, what);
      return true;
    }
    switch (record_.end) {
      case session::End::timeout:
        return problem("greeting",
                       fmt::format("takes the connection and says nothing for {} s", target_.timeoutSeconds),
                       "is this the SMTP port? A port where TLS begins at once needs --tls implicit, one behind a load "
                       "balancer --client-address proxy-protocol, and a slow one a longer --timeout");
      case session::End::dropped:
        return problem("greeting", "takes the connection and closes it without a word",
                       "let the relay take connections from our addresses, and see its log");
      case session::End::protocolError:
        return problem("greeting", fmt::format("what listens there does not speak SMTP: {}", record_.endText),
                       "check the port of --target");
      default:
        return problem("greeting", fmt::format("turns us away: {}", said(record_)),
                       "take our addresses out of its block lists and connection limits");
    }
  }

  bool ehloAccepted() {
    const std::string& name = seen_.ehlo;
    if (record_.endedAt != session::Stage::ehlo) {
      say("ehlo", State::ok, fmt::format("offers {}", fmt::join(record_.ehlo, ", ")));
      return true;
    }
    if (record_.end == session::End::stopped)
      return problem("ehlo", fmt::format("refuses EHLO {}: {}", name, said(record_)),
                     "say a name that it takes in the set-up's ehlo, or let it take any");
    return problem("ehlo", fmt::format("EHLO {}: {}", name, record_.endText), "see the relay's log");
  }

  bool tls() {
    if (!seen_.needsTls) return true;
    using session::Stage;
    if (record_.endedAt == Stage::starttls) {
      if (record_.end == session::End::stopped && !record_.lastReply)
        return problem("starttls", "is not offered",
                       "give the relay a certificate and key of its own and turn TLS on for this port");
      return problem("starttls", fmt::format("is refused: {}", said(record_)),
                     "give the relay a certificate and key that it can read, and see its log");
    }
    const std::string& alert = record_.tls.alert ? *record_.tls.alert : record_.endText;
    if (record_.tls.outcome == session::TlsRecord::Outcome::refused) {
      // Without a certificate there is nothing else to refuse.
      say("tls", State::note, fmt::format("a client without a certificate is refused in the handshake ({})", alert),
          "ask for a certificate without demanding one: a server that takes mail from the Internet must not demand "
          "TLS credentials (RFC 3207 4)");
      demandsCertificate_ = true;
      return true;
    }
    if (record_.tls.outcome != session::TlsRecord::Outcome::ok)
      return problem("tls", fmt::format("the handshake fails: {}", record_.endText),
                     target_.serverAnchors.empty()
                         ? "let the relay speak TLS 1.2 or 1.3 with common ciphers, and see its log"
                         : "check --server-ca: does it hold the CA that the relay's own certificate is of?");
    if (record_.end != session::End::completed)
      return problem("tls", fmt::format("{} is up, and then: {}", record_.tls.version, said(record_)),
                     "the relay has to greet EHLO over TLS as before it; see its log");
    say("tls", State::ok, fmt::format("{}", record_.tls.version));
    return true;
  }

  bool certificateRequest() {
    if (!seen_.needsTls) return true;
    const std::vector<std::string>& listed = record_.tls.authorities;
    if (demandsCertificate_) return true;
    if (!record_.tls.certificateRequested)
      return problem("certificate-request", "the relay never asks for a client certificate",
                     "turn the request for client certificates on, so that it asks and does not demand");
    const std::vector<std::string>& ours = seen_.authorities;
    const auto missing = std::find_if(ours.begin(), ours.end(), [&](const std::string& name) {
      return std::find(listed.begin(), listed.end(), name) == listed.end();
    });
    if (listed.empty())
      say("certificate-request", State::ok, "asks for a certificate of any CA");
    else if (missing == ours.end())
      say("certificate-request", State::ok, "asks for a certificate and names our CA");
    else
      return problem("certificate-request",
                     fmt::format("asks for certificates of {} and not of ours, {}",
                                 wire::excerpt(fmt::format("{}", fmt::join(listed, "; ")), kMostShown), *missing),
                     "give the relay the CA file that `relayproof plan --out DIR` writes (ca.pem)");
    return true;
  }

  const FirstSession& seen_;
  const session::Record& record_;
  const session::Target& target_;
  std::vector<Finding>& findings_;
  bool demandsCertificate_ = false;
};

}  // namespace

bool readFirstSession(const FirstSession& seen, const session::Target& target, std::vector<Finding>& findings) {
  return Reader(seen, target, findings).read();
}

}  // namespace relayproof::doctor
