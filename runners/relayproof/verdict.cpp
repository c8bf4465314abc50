#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "certs/blueprint.h"
#include "conformance/verdict/decide.h"
#include "conformance/verdict/tenancy.h"
#include "runners/relayproof/command.h"
#include "runners/relayproof/oracle.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {

/// The length of RFC 3339's date and time, before the fraction and the zone.
constexpr std::size_t kDateAndTime = std::string_view("2026-01-31T12:00:00").size();

/// What stands behind date and time, in seconds to take off: a fraction, which does not count, and a zone. nullopt:
/// something else.
std::optional<std::int64_t> offsetOf(std::string_view text) {
  const std::size_t fraction = text.starts_with('.') ? text.find_first_not_of("0123456789", 1) : 0;
  if (fraction == 1 || fraction == std::string_view::npos) return std::nullopt;
  text.remove_prefix(fraction);
  if (text == "Z" || text == "z") return 0;
  if (text.size() != std::string_view("+01:00").size() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  // An hour and a minute like those of any day.
  const auto sinceMidnight = certs::parseTime(fmt::format("1970-01-01T{}:00Z", text.substr(1)));
  if (!sinceMidnight) return std::nullopt;
  return text[0] == '-' ? -*sinceMidnight : *sinceMidnight;
}

std::int64_t timeOf(const Node& node) {
  const std::string text = node.string();
  const auto there = certs::parseTime(text.substr(0, kDateAndTime) + "Z");
  const auto offset = there ? offsetOf(std::string_view(text).substr(kDateAndTime)) : std::nullopt;
  if (!offset) node.fail("is no RFC 3339 time", "for example 2026-01-31T12:00:00Z");
  return *there - *offset;
}

Json answer(const Node& question, const verdict::Tenancy& tenancy, certs::ChainVerifier& verifier,
            const verdict::Profile& profile) {
  question.allowOnly({"id", "clientIp", "at", "certificate", "mailFrom", "headerFrom", "rcptTo"});
  verdict::Peer peer;
  const Node ip = question.at("clientIp");
  const auto address = verdict::parseIpv4(ip.string());
  if (!address) ip.fail("is no IPv4 address");
  peer.address = *address;
  const auto said = question.find("at");
  const std::int64_t at = said ? timeOf(*said) : static_cast<std::int64_t>(now());
  if (const auto certificate = question.find("certificate"))
    peer.certificate = readCertificate(*certificate, verifier, at);
  verdict::Envelope envelope;
  envelope.reversePath = question.at("mailFrom").string();
  envelope.headerFrom = question.stringOr("headerFrom", envelope.reversePath);

  Json recipients = Json::array();
  for (const Node& recipient : question.at("rcptTo").array()) {
    envelope.recipient = recipient.string();
    verdict::Acceptable acceptable = verdict::acceptable(tenancy, profile, peer, envelope);
    Json one = Json::object();
    one["address"] = envelope.recipient;
    std::set<verdict::Verdict> verdicts;
    Json answers = Json::array();
    for (const verdict::Decision& decision : acceptable.answers) {
      verdicts.insert(decision.verdict);
      // Member by member: an initializer list would copy all that is in it.
      Json& answer = answers.emplace_back(Json::object());
      answer["verdict"] = verdict::name(decision.verdict);
      answer["tenant"] = decision.tenant ? Json(*decision.tenant) : Json(nullptr);
      Json& basis = answer["basis"] = Json::array();
      for (const verdict::Basis b : decision.basis) basis.push_back(verdict::name(b));
    }
    one["verdict"] = verdicts.size() == 1 ? Json(verdict::name(*verdicts.begin())) : Json(nullptr);
    one["acceptable"] = std::move(answers);
    one["hangsOn"] = Json::array();
    for (const verdict::Option option : acceptable.hangsOn)
      one["hangsOn"].push_back(verdict::optionTable()[static_cast<std::size_t>(option)].name);
    one["why"] = std::move(acceptable.derivation);
    recipients.push_back(std::move(one));
  }
  Json reply = Json::object();
  reply["recipients"] = std::move(recipients);
  return reply;
}

int answerVerdicts(const Arguments& arguments) {
  const verdict::Profile profile =
      orThrow(verdict::findProfile(arguments.get("profile", "exo-2017"), shippedProfiles()));
  verdict::Tenancy tenancy;
  if (arguments.has("tenancy")) {
    tenancy = orThrow(verdict::loadTenancy(arguments.get("tenancy")));
  } else {
    const catalogue::Catalogue catalogue = loadCatalogue(arguments);
    tenancy = orThrow(readDocument(wholePlan(catalogue).dump(), "plan", verdict::readTenancy));
  }
  certs::ChainVerifier verifier(tenancy.trustAnchors);
  answerLines([&](const Node& question) { return answer(question, tenancy, verifier, profile); });
  return status::kOk;
}

}  // namespace

Command verdictCommand() {
  return {"verdict",
          "what may a relay do with this peer and envelope? A JSON object a line on standard input, an answer a line "
          "on standard output",
          {{"profile", "NAME|FILE", "exo-2017 when left out"},
           {"tenancy", "FILE",
            "tenants, domains, connectors and trust anchors; the plan of the whole catalogue when left out"}},
          "",
          answerVerdicts};
}

}  // namespace relayproof
