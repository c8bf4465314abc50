#include "conformance/verdict/decide.h"
#include "runners/relayproof/command.h"
#include "runners/relayproof/compare.h"
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
                        {"value", textOf(*found.by)}};
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
  const Answer ours = [&](const Node& question) { return answer(question, profile); };
  if (arguments.has("compare")) return compareMatcher(arguments, ours);
  for (const char* option : {"table", "timeout"})
    if (arguments.has(option))
      throw Error("", std::string("--") + option, "is about a matcher of yours", "name it by --compare COMMAND");
  answerLines(ours);
  return status::kOk;
}

}  // namespace

Command matchCommand() {
  return {"match",
          "does a pattern match a presented name? A JSON object a line on standard input, an answer a line on standard "
          "output",
          {{"profile", "NAME|FILE", "exo-2017 when left out"},
           {"compare", "COMMAND",
            "hold a matcher of yours against ours: /bin/sh runs COMMAND, which reads the same questions and answers "
            "each in a line, {\"id\":1,\"match\":true}, or declines, {\"id\":1,\"skip\":\"why\"}; every difference is "
            "an object on standard output and makes the exit status 1"},
           {"table", "", "with --compare: ask it the hand-written rows of corpus/tables/match.json"},
           {"timeout", "SECONDS", "with --compare: the longest wait for an answer; 5 when left out"}},
          "",
          answerMatches};
}

}  // namespace relayproof
