#include "conformance/verdict/decide.h"
#include "runners/relayproof/command.h"
#include "runners/relayproof/oracle.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {

Json matchOf(const verdict::MatchAnswer& answer) {
  Json json = Json::object();
  json["match"] = answer.match ? Json(*answer.match) : Json(nullptr);
  json["malformed"] = answer.malformed;
  json["why"] = answer.why;
  return json;
}

Json answer(const Node& question, const verdict::Profile& profile) {
  question.allowOnly({"id", "pattern", "presented", "kind", "certificate"});
  const Node patternNode = question.at("pattern");
  const auto pattern = verdict::DomainPattern::parse(patternNode.string());
  if (!pattern.pattern)
    patternNode.fail(pattern.problem, "a pattern is a name of two or more labels, or *. before one");

  if (const auto certificate = question.find("certificate")) {
    if (question.has("presented")) question.fail("has both \"presented\" and \"certificate\"", "ask about one of them");
    // Whether the chain verifies is another question than what its names match.
    certs::ChainVerifier none({});
    verdict::ClientCertificate facts = readCertificate(*certificate, none, 0);
    facts.verified = true;
    const auto found = verdict::matchCertificate(*pattern.pattern, facts, profile);
    Json json = matchOf(found.answer);
    json["by"] = nullptr;
    if (found.by)
      json["by"] = Json{{"kind", found.by->kind == certs::IdentifierKind::commonName ? "CN" : "DNS-ID"},
                        {"value", certs::escaped(found.by->octets)}};
    return json;
  }
  auto kind = certs::IdentifierKind::dnsId;
  if (const auto named = question.find("kind"))
    kind = named->choice<certs::IdentifierKind>(
        {{"CN", certs::IdentifierKind::commonName}, {"DNS-ID", certs::IdentifierKind::dnsId}});
  return matchOf(verdict::matchName(*pattern.pattern, readIdentifier(question.at("presented"), kind), profile));
}

int answerMatches(const Arguments& arguments) {
  const verdict::Profile profile =
      orThrow(verdict::findProfile(arguments.get("profile", "exo-2017"), shippedProfiles()));
  answerLines([&](const Node& question) { return answer(question, profile); });
  return status::kOk;
}

}  // namespace

Command matchCommand() {
  return {"match",
          "does a pattern match a presented name? A JSON object a line on standard input, an answer a line on standard "
          "output",
          {{"profile", "NAME|FILE", "exo-2017 when left out"}},
          "",
          answerMatches};
}

}  // namespace relayproof
