#include "conformance/doctor/hints.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>
#include <regex>

#include "conformance/result/denial.h"

namespace relayproof::doctor {
namespace {

bool mentions(const std::string& text, const char* pattern) {
  return std::regex_search(text, std::regex(pattern, std::regex::icase));
}

Hint denied(const Refused& refused) {
  if (refused.expected == "deliver")
    return {"mail for an accepted domain is denied",
            "enter the plan's tenants and accepted domains (`relayproof plan`), and let anybody send mail to them"};
  if (!refused.localWorks)
    return {"relaying is denied, and so is mail for the accepted domains",
            "is the plan's tenancy loaded? `relayproof plan --format markdown` is the sheet"};
  if (refused.presentsCertificate && !refused.certificateWorks) {
    if (refused.clockIsOff)
      return {"the right certificate does not relay, and the relay's clock is off", "set the relay's clock"};
    if (refused.addressWorks)
      return {"the right certificate does not relay; an address connector does",
              "let the relay trust our CA for client certificates (ca.pem of `relayproof plan --out DIR`; another "
              "--seed makes another CA), and enter the plan's certificate connectors"};
    return {"neither the right certificate nor the right address relays",
            "enter the plan's connectors, and let the relay trust our CA for client certificates (ca.pem of "
            "`relayproof plan --out DIR`)"};
  }
  if (refused.presentsCertificate)
    return {"one certificate relays and this one does not",
            "enter every connector of the plan, those too whose name is no accepted domain"};
  return {"the address of a connector does not relay",
          "enter the plan's address connectors, and let the relay see the client's own address (no NAT or proxy "
          "between); or say --without source-addresses"};
}

}  // namespace

Hint hintFor(const Refused& refused) {
  const result::Observed& observed = refused.observed;
  const std::string& verdict = observed.verdict;
  if (verdict == "refuse-tls") {
    if (!refused.presentsCertificate)
      return {"a client without a certificate is refused in the handshake",
              "ask for a certificate without demanding it"};
    return {"the relay refuses the right certificate in the handshake",
            refused.clockIsOff ? "set the relay's clock"
                               : "let the relay trust our CA for client certificates (ca.pem of `relayproof plan --out "
                                 "DIR`; another --seed makes another CA), and check its clock"};
  }
  if (verdict == "defer" && observed.enhanced.starts_with("4.4."))
    return {"the relay cannot reach the server to which it passes mail on",
            "let its routes lead to the sinks of --next-hop and --local-hop"};
  if (verdict == "defer")
    return {"put off", "exempt our addresses from greylisting, rate limits and look-ups of our reserved domains"};
  if (verdict == "timeout")
    return {"no answer", "see the relay's log: does it look names up in the DNS? A longer --timeout helps a slow one"};
  if (verdict == "drop") return {"the relay closed the connection", "see the relay's log"};
  if (verdict != "deny") return {"no verdict", "see the relay's log"};

  if (observed.code == 530 && mentions(observed.text, "auth"))
    return {"the relay wants a login", "test the port where servers deliver mail, not the one where users submit it"};
  if (mentions(observed.text, "starttls|encryption (needed|required)|must use tls"))
    return {"the relay wants TLS first",
            "do not demand TLS of everybody: a server that takes mail from the Internet must not (RFC 3207 4)"};
  if (result::classify(observed.code, observed.enhanced, false) == result::Refusal::denial &&
      !mentions(observed.text,
                "(sender|recipient) address (rejected|verification)|domain (not found|does not exist|must "
                "resolve)|spam|virus|policy reasons|block ?list|dnsbl|spf|dmarc"))
    return refused.expected == "deny" ? Hint{"denied", ""} : denied(refused);
  if (observed.stage == "mail")
    return {"the sender is refused, not the relaying",
            "exempt our reserved domains from checks of the sender's domain, or name a sender that it takes in the "
            "set-up's senders"};
  if (observed.stage == "rcpt")
    return {"the recipient is refused for another reason than relaying",
            "exempt our reserved domains from look-ups and let any local part of them be taken, or name recipients in "
            "the set-up's recipients"};
  return {"the message is refused for another reason than relaying",
          "exempt our addresses from filters of content and limits of size"};
}

std::optional<std::string> traceOf(std::string_view message) {
  std::string field;
  bool inField = false;
  while (!message.empty() && !message.starts_with("\r\n")) {
    const std::size_t end = std::min(message.find('\n'), message.size() - 1);
    std::string_view line = message.substr(0, end + 1);
    message.remove_prefix(end + 1);
    const bool folded = line.starts_with(' ') || line.starts_with('\t');
    if (inField && !folded) return field;
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    if (!folded) inField = mentions(std::string(line.substr(0, 9)), "^received:");
    if (inField) field += line;
  }
  return inField ? std::optional(field) : std::nullopt;
}

std::optional<std::string> addressIn(std::string_view received) {
  const std::string text(received);
  std::smatch found;
  static const std::regex literal(R"(\[(\d{1,3}(?:\.\d{1,3}){3})\])");
  if (!std::regex_search(text, found, literal)) return std::nullopt;
  return found[1].str();
}

std::optional<double> timeIn(std::string_view text) {
  static const std::regex dateTime(
      R"((\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) (\d{2}):(\d{2})(?::(\d{2}))? ([+-])(\d{2})(\d{2}))");
  static constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string whole(text);
  std::smatch part;
  if (!std::regex_search(whole, part, dateTime)) return std::nullopt;
  const auto number = [&](std::size_t at) { return part[at].matched ? std::stoi(part[at].str()) : 0; };
  const auto month = static_cast<unsigned>(std::find(months.begin(), months.end(), part[2].str()) - months.begin());
  const std::chrono::year_month_day day{std::chrono::year(number(3)), std::chrono::month(month + 1),
                                        std::chrono::day(static_cast<unsigned>(number(1)))};
  if (!day.ok()) return std::nullopt;
  const auto days = std::chrono::sys_days(day).time_since_epoch().count();
  const double zone = (part[7].str() == "-" ? -60.0 : 60.0) * (60 * number(8) + number(9));
  return 86400.0 * static_cast<double>(days) + 3600.0 * number(4) + 60.0 * number(5) + number(6) - zone;
}

std::string apart(double seconds) {
  constexpr double kHour = 3600, kDay = 86400;
  const double size = std::abs(seconds);
  const std::string_view side = seconds < 0 ? "behind" : "ahead";
  if (size >= 2 * kDay) return fmt::format("{:.0f} days {}", size / kDay, side);
  if (size >= 2 * kHour) return fmt::format("{:.0f} h {}", size / kHour, side);
  return fmt::format("{:.0f} min {}", size / 60, side);
}

}  // namespace relayproof::doctor
