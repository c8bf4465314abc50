// How a session begins: the connection, the greeting, EHLO, TLS in all its forms, and how it is lost on the way.
#include <fmt/format.h>

#include <utility>

#include "conformance/session/one_dialogue.h"
#include "conformance/wire/ehlo.h"
#include "conformance/wire/escape.h"

namespace relayproof::session {
namespace {

constexpr int kProxiedPort = 50000;  // any that a client may have

}  // namespace

bool Dialogue::identityWasWeighed(const Tls& tls) const {
  return (offered_ != nullptr && job_.earlier->identity) ||
         (tls.seen().certificateRequested && tls.answeredCertificateRequest());
}

void Dialogue::lost(Wire how, Stage stage) {
  const Tls* tls = connection_.tls();
  if (tls != nullptr) copySeen(*tls);
  const bool weighing = stage == Stage::tls || stage == Stage::afterTls;
  if (weighing && record_.tls.alert) {
    record_.tls.outcome = TlsRecord::Outcome::refused;
    note("tls", "alert " + *record_.tls.alert);
    return end(End::stopped, stage, "the relay refused TLS with the alert " + *record_.tls.alert);
  }
  if (weighing && how == Wire::closed && tls != nullptr && identityWasWeighed(*tls)) {
    record_.tls.outcome = TlsRecord::Outcome::refused;
  } else if (stage == Stage::tls) {
    record_.tls.outcome = TlsRecord::Outcome::failed;
  }
  note(weighing ? "tls" : "relay", "(" + connection_.why() + ")");
  end(how == Wire::timeout  ? End::timeout
      : how == Wire::closed ? End::dropped
                            : End::protocolError,
      stage, connection_.why());
}

void Dialogue::copySeen(const Tls& tls) {
  const TlsRecord::Outcome outcome = record_.tls.outcome;
  record_.tls = tls.seen();
  record_.tls.outcome = outcome;
}

awaitable<void> Dialogue::act(const step::Connect& connect) {
  std::string source = target_.clientAddress == ClientAddress::bind ? job_.source : std::string();
  std::string fault = co_await connection_.connect(std::move(source), here_.endpoint);
  if (!fault.empty()) co_return end(End::unreachable, Stage::connect, std::move(fault));
  if (target_.clientAddress == ClientAddress::proxyProtocol && !job_.source.empty()) {
    std::string header = fmt::format("PROXY TCP4 {} {} {} {}\r\n", job_.source, here_.endpoint.address().to_string(),
                                     kProxiedPort, here_.endpoint.port());
    note("client", wire::excerpt(header, kMostShown));
    co_await connection_.send(header);
  }
  if (record_.source.empty()) record_.source = connection_.localAddress();
  if (here_.implicitTls) {
    co_await handshake();
    if (ended_) co_return;
  }
  if (!connect.first.empty()) {
    note("client", wire::excerpt(connect.first, kMostShown));
    co_await connection_.send(connect.first);
  }
  const std::optional<Reply> greeting = co_await reply(Stage::greeting);
  if (!greeting) co_return;
  record_.greeting = greeting->text();
  if (greeting->code != kReady) co_return refuseOrStop(*greeting);
  if (target_.clientAddress == ClientAddress::xclient && !job_.source.empty()) co_await sayAddress();
}

awaitable<void> Dialogue::sayAddress() {
  const std::optional<Reply> offer = co_await command("EHLO relayproof.client.example", Stage::ehlo);
  if (!offer || ended_) co_return;
  if (!positive(offer)) co_return refuseOrStop(*offer);
  if (!wire::offers(wire::keywords(*offer), "XCLIENT"))
    co_return end(End::stopped, Stage::ehlo, "the relay does not offer us XCLIENT");
  const std::optional<Reply> answer = co_await command("XCLIENT ADDR=" + job_.source, Stage::ehlo);
  if (answer && !ended_ && answer->code != kReady) stop(*answer, Stage::ehlo);
}

awaitable<void> Dialogue::act(const step::Ehlo& ehlo) {
  const std::optional<Reply> answer = co_await command("EHLO " + ehlo.name, Stage::ehlo);
  if (!answer) co_return;
  if (!positive(answer)) co_return refuseOrStop(*answer);
  record_.ehlo = wire::keywords(*answer);
  greeted_ = true;
}

awaitable<void> Dialogue::act(const step::StartTls&) {
  if (here_.implicitTls) co_return;  // it began with the connection
  if (connection_.tls() != nullptr) co_return end(End::stopped, Stage::starttls, "TLS is in use already");
  if (greeted_ && !wire::offers(record_.ehlo, "STARTTLS")) {
    co_return end(End::stopped, Stage::starttls, "the relay does not offer STARTTLS");
  }
  const std::optional<Reply> answer = co_await command("STARTTLS", Stage::starttls);
  if (!answer) co_return;
  if (answer->code != kReady) co_return stop(*answer, Stage::starttls);
  co_await handshake();
}

awaitable<void> Dialogue::act(const step::Handshake&) { co_await handshake(); }

awaitable<void> Dialogue::handshake() {
  const bool first = job_.earlier && job_.earlier->inThisSession();
  const std::optional<Presented> as = presented(first ? job_.earlier->identity : job_.identity);
  if (!as) co_return;
  // What the relay said in the clear is never read after TLS (RFC 3207 4.2).
  std::string clear = parser_.takeRest();
  parser_.reset();
  greeted_ = false;
  std::unique_ptr<Tls> tls = Tls::client(*as, job_.tlsVersion, target_.sni);
  if (!job_.sni.empty()) tls->askFor(job_.sni);
  if (job_.earlier && job_.earlier->way == Earlier::Way::sessionId) tls->refuseTickets();
  if (offered_ != nullptr) tls->offer(offered_);
  if (answersAgain()) tls->offerPostHandshake();
  const Wire how = co_await connection_.handshake(std::move(tls), clear);
  if (!clear.empty()) {
    note("relay", wire::excerpt(clear, kMostShown));
    // RFC 8446 5.1: a record of TLS itself, an alert, for which our first word was not waited.
    if (!clear.starts_with("\x15\x03"))
      check("server-octets-before-tls", false,
            "between 220 and the handshake came \"" + wire::excerpt(clear, 200) + "\"");
  }
  if (how != Wire::ok) co_return lost(how, Stage::tls);
  secured();
  if (!answersAgain()) co_return;
  if (const std::optional<Presented> second = presented(job_.identity)) connection_.presentFromNowOn(*second);
}

std::optional<Presented> Dialogue::presented(const std::shared_ptr<const Identity>& identity) {
  const Expected<Presented> found = contexts_.of(identity);
  if (found) return *found;
  record_.tls.outcome = TlsRecord::Outcome::failed;
  note("tls", found.error().text());
  end(End::stopped, Stage::tls, found.error().text());
  return std::nullopt;
}

void Dialogue::secured() {
  copySeen(*connection_.tls());
  record_.tls.outcome = TlsRecord::Outcome::ok;
  unheardTls_ = true;
  note("tls", fmt::format("{} handshake complete, client certificate {}: {} certificates, resumed: {}",
                          record_.tls.version, record_.tls.certificateRequested ? "requested, sent" : "not requested",
                          record_.tls.chainSent.size(), record_.tls.resumed ? "yes" : "no"));
}

awaitable<void> Dialogue::act(const step::Renegotiate&) {
  if (connection_.tls() == nullptr) co_return end(End::stopped, Stage::tls, "TLS is not in use");
  const std::optional<Presented> as = presented(job_.identity);
  if (!as) co_return;
  note("client", "(renegotiates)");
  const Wire how = co_await connection_.renegotiate(*as);
  record_.tls.renegotiated = how == Wire::ok;
  if (how == Wire::ok) co_return secured();
  copySeen(*connection_.tls());
  record_.tls.outcome = TlsRecord::Outcome::refused;
  if (how == Wire::timeout) record_.tls.alert = "none, and no answer";
  note("tls", record_.tls.alert ? "alert " + *record_.tls.alert : "(" + connection_.why() + ")");
  end(how == Wire::closed && !record_.tls.alert ? End::dropped : End::stopped, Stage::tls,
      "the relay does not renegotiate: " + connection_.why());
}

}  // namespace relayproof::session
