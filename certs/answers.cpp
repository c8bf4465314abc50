#include "certs/answers.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "certs/glob.h"

namespace relayproof::certs {
namespace {

const Json& bothAccept() {
  static const Json answers{{"openssl", "accepted"}, {"gnutls", "accepted"}};
  return answers;
}

Json answersOf(const Node& node) {
  Json answers = bothAccept();
  for (const auto& [key, answer] : node.members()) {
    if (key == "fixtures") continue;
    if (key == "withCrls")
      answers[key] = answersOf(answer);
    else if (!answers.contains(key))
      answer.fail("unknown key", "the libraries are openssl and gnutls, and withCrls holds both again");
    else
      answers[key] = answer.json().is_array() ? Json(answer.strings()) : Json(answer.string());
  }
  return answers;
}

struct Rule {
  std::vector<std::string> globs;
  Json answers;

  bool fits(const std::string& id) const {
    return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) { return globMatches(glob, id); });
  }
};

std::vector<Rule> readRules(const Node& root) {
  std::vector<Rule> rules;
  if (const auto list = root.find("verify"))
    for (const Node& each : list->array()) rules.push_back({each.at("fixtures").strings(), answersOf(each)});
  return rules;
}

}  // namespace

void readAnswers(const Node& root, std::vector<SetEntry>& entries) {
  const std::vector<Rule> rules = readRules(root);
  const std::string usualTwin = root.stringOr("twin", "");
  const auto fixtures = root.find("fixtures");
  for (SetEntry& entry : entries) {
    if (!entry.verify.is_null()) continue;
    const auto node = fixtures ? fixtures->find(entry.id) : std::nullopt;
    const auto own = node ? node->find("verify") : std::nullopt;
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const Rule& each) { return each.fits(entry.id); });
    entry.verify = own ? answersOf(*own) : rule != rules.end() ? rule->answers : bothAccept();
    if (node) {
      entry.open = node->stringOr("open", "");
      entry.twin = node->stringOr("twin", "");
    }
    if (entry.twin.empty() && entry.verify != bothAccept()) entry.twin = usualTwin;
  }
}

}  // namespace relayproof::certs
