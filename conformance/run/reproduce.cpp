#include "conformance/run/reproduce.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "conformance/wire/content.h"

namespace relayproof::run {
namespace {

// Text inside a single-quoted printf format: octets that are not plain go in as octal escapes.
std::string printfText(std::string_view octets) {
  std::string text;
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    if (c == '%')
      text += "%%";
    else if (c == '\r')
      text += "\\r";
    else if (c == '\n')
      text += "\\n";
    else if (octet < 0x20 || octet > 0x7e || c == '\'' || c == '\\')
      text += fmt::format("\\{:03o}", octet);
    else
      text += c;
  }
  return text;
}

// What a person types, a pause behind each piece: a relay may close on a client that talks before it was answered.
class Talk {
 public:
  explicit Talk(const std::vector<wire::Transaction>& transactions) : transactions_(transactions) {}

  void operator()(const wire::step::Connect&) {}
  void operator()(const wire::step::Ehlo& ehlo) { say("EHLO " + ehlo.name + "\r\n"); }
  void operator()(const wire::step::StartTls&) { handshake(); }
  void operator()(const wire::step::Handshake&) { handshake(); }
  void operator()(const wire::step::Send& send) {
    said_ = true;
    say(send.octets);
  }
  void operator()(const wire::step::Expect&) {}
  void operator()(const wire::step::Mail& mail) {
    said_ = true;
    const wire::Transaction& transaction = transactions_.at(mail.transaction);
    say(wire::mailCommand(transaction) + "\r\n");
    for (std::size_t at = 0; at < transaction.recipients.size(); ++at) say(wire::rcptCommand(transaction, at) + "\r\n");
  }
  void operator()(const wire::step::Content& content) {
    const wire::Transaction& transaction = transactions_.at(content.transaction);
    if (transaction.bdat) {
      for (const std::string& chunk : wire::chunksOf(transaction.message, transaction.chunks)) say(chunk);
      return;
    }
    say(wire::dataCommand(transaction) + "\r\n");
    for (const std::string& segment : wire::dataOf(transaction)) say(segment);
  }
  void operator()(const wire::step::Rset&) { say("RSET\r\n"); }
  void operator()(const wire::step::NoReply&) {}
  void operator()(const wire::step::Withholds&) {}
  void operator()(const wire::step::Requires&) {}
  void operator()(const wire::step::EndsInCrlf&) {}
  void operator()(const wire::step::Pause&) {}
  void operator()(const wire::step::HalfClose&) {}
  void operator()(const wire::step::Drop&) {}
  void operator()(const wire::step::Renegotiate&) {}
  void operator()(const wire::step::Quit&) { say("QUIT\r\n"); }
  void operator()(const wire::step::Beside&) {}

  const std::string& text() const { return text_; }
  bool inTheClearBeforeTls() const { return inTheClearBeforeTls_; }

 private:
  void say(std::string_view octets) { text_ += fmt::format("printf '{}'; sleep 1; ", printfText(octets)); }
  // s_client says EHLO and STARTTLS by itself.
  void handshake() {
    inTheClearBeforeTls_ |= said_;
    text_ = "sleep 1; ";
  }

  const std::vector<wire::Transaction>& transactions_;
  std::string text_ = "sleep 1; ";
  bool said_ = false;
  bool inTheClearBeforeTls_ = false;
};

}  // namespace

std::string reproduceCommand(const catalogue::Case& one, const std::vector<wire::Step>& steps,
                             const std::vector<wire::Transaction>& transactions, const Setup& setup,
                             const std::string& source, const std::string& asMinted) {
  const std::string& target = one.otherListener ? setup.otherTarget : setup.target;
  const bool implicitTls = setup.implicitTls != one.otherListener;
  Talk talk(transactions);
  for (const wire::Step& step : steps) std::visit(talk, step);
  // Two handshakes, two sessions at once, or a wrong proof are more than s_client holds; a period of validity ends
  // meanwhile, a reload changes what is right; what the relay offers is not known before; and nobody reads on where a
  // message is long.
  constexpr std::size_t kLongest = 20000;
  if (talk.inTheClearBeforeTls() || one.earlier || one.beside || one.afterReload || one.hasTag("revocation") ||
      !one.proof.empty() || one.period || setup.clientAddress != session::ClientAddress::bind ||
      std::ranges::any_of(transactions, &wire::Transaction::extended) || talk.text().size() > kLongest)
    return fmt::format("relayproof run --filter '{}' --target {}{}{}{} --report html:report.html", one.id, setup.target,
                       setup.implicitTls ? " --tls implicit" : "",
                       one.otherListener ? " --other-target " + setup.otherTarget : "",
                       setup.clientAddress == session::ClientAddress::proxyProtocol ? " --client-address proxy-protocol"
                       : setup.clientAddress == session::ClientAddress::xclient     ? " --client-address xclient"
                                                                                    : "");

  const std::size_t colon = target.rfind(':');
  if (one.tls == "none")
    return fmt::format("{{ {}}} | bash -c 'exec 3<>/dev/tcp/{}/{}; cat <&3 & cat >&3; wait'", talk.text(),
                       target.substr(0, colon), colon == std::string::npos ? "25" : target.substr(colon + 1));
  std::string command = fmt::format("{{ {}}} | openssl s_client -quiet {}-connect {}", talk.text(),
                                    implicitTls ? "" : "-starttls smtp ", target);
  if (!source.empty()) command += fmt::format(" -bind {}", source);
  const std::string sni = one.sni.empty() ? setup.sni.value_or("") : one.sni;
  if (!sni.empty()) command += fmt::format(" -servername {}", sni);
  if (one.tls == "1.2") command += " -tls1_2";
  if (one.tls == "1.3") command += " -tls1_3";
  if (one.fixture)
    command = fmt::format(
        "relayproof certs --out by-hand/{0} --force{2} --filter '{0}' && {1} -cert by-hand/{0}/{0}.pem -cert_chain "
        "by-hand/{0}/{0}.pem -key by-hand/{0}/{0}.key.pem",
        *one.fixture, command, asMinted);
  return command;
}

}  // namespace relayproof::run
