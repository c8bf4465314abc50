#include "conformance/run/reproduce.h"

#include <fmt/format.h>

namespace relayproof::run {
namespace {

// Text inside a single-quoted printf format, that may stand in double quotes itself: octets that are not plain, to the
// shell neither, go in as octal escapes.
std::string printfText(std::string_view octets) {
  std::string text;
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    if (c == '%')
      text += "%%";
    else if (octet < 0x20 || octet > 0x7e || std::string_view("'\\\"$`!").find(c) != std::string_view::npos)
      text += fmt::format("\\{:03o}", octet);
    else
      text += c;
  }
  return text;
}

}  // namespace

std::string reproduceCommand(const catalogue::Case& one, const std::vector<wire::Transaction>& transactions,
                             const std::string& target, const std::string& source) {
  // One line at a time: a relay may close on a client that talks before it was answered. Lower case, since s_client
  // takes a line that begins with a capital R or Q for a command of its own.
  std::vector<std::string> lines = {"ehlo " + (one.ehlo.empty() ? std::string("client.example") : one.ehlo)};
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    if (i < one.transactions.size() && one.transactions[i].smuggled) continue;
    const wire::Transaction& transaction = transactions[i];
    lines.push_back(fmt::format("mail from:<{}>{}", transaction.mailFrom, transaction.mailParameters));
    for (const std::string& recipient : transaction.recipients) lines.push_back(fmt::format("rcpt to:<{}>", recipient));
    lines.push_back("data");
    lines.push_back("subject: by hand\r\n\r\nhello\r\n.");
  }
  lines.push_back("quit");

  std::string talk;
  for (const std::string& line : lines) talk += fmt::format("printf '{}\\r\\n'; sleep 1; ", printfText(line));

  const std::size_t colon = target.rfind(':');
  if (one.tls == "none")
    return fmt::format("bash -c \"exec 3<>/dev/tcp/{}/{}; cat <&3 & {{ {}}} >&3\"", target.substr(0, colon),
                       colon == std::string::npos ? "25" : target.substr(colon + 1), talk);
  std::string command =
      fmt::format("{{ sleep 1; {}}} | openssl s_client -quiet -starttls smtp -connect {}", talk, target);
  if (!source.empty()) command += fmt::format(" -bind {}", source);
  if (one.tls == "1.2") command += " -tls1_2";
  if (one.tls == "1.3") command += " -tls1_3";
  if (one.fixture)
    command = fmt::format(
        "relayproof certs --out fixtures --filter '{0}' && {1} -cert fixtures/{0}.pem -cert_chain fixtures/{0}.pem "
        "-key fixtures/{0}.key.pem",
        *one.fixture, command);
  return command;
}

}  // namespace relayproof::run
