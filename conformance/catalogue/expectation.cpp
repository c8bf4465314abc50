#include "conformance/catalogue/expectation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

namespace relayproof::catalogue {
namespace {

bool holds(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::vector<std::string> wordsOf(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::optional<verdict::Basis> basisNamed(std::string_view word) {
  for (const verdict::Basis basis : {verdict::Basis::b3a, verdict::Basis::b3b, verdict::Basis::b3b2023})
    if (verdict::name(basis) == word) return basis;
  return std::nullopt;
}

std::optional<verdict::Verdict> verdictNamed(std::string_view word) {
  using verdict::Verdict;
  for (const Verdict verdict : {Verdict::deliver, Verdict::relay, Verdict::deny, Verdict::refuseTls})
    if (verdict::name(verdict) == word) return verdict;
  return std::nullopt;
}

ExpectedAnswer readAnswer(const Node& node, const AnswerContext& context) {
  using verdict::Verdict;
  const std::vector<std::string> words = wordsOf(node.string());
  const auto verdict = words.empty() ? std::nullopt : verdictNamed(words.front());
  if (!verdict)
    node.fail(fmt::format("\"{}\" is no answer", node.string()),
              "an answer is \"VERDICT [TENANT] [BASIS...]\" with one of deliver, relay, deny, refuse-tls");
  ExpectedAnswer answer{*verdict, std::nullopt, std::nullopt};
  const bool accepts = verdict::onTheWire(*verdict) == verdict::Wire::accept;
  if (!accepts && words.size() > 1)
    node.fail(fmt::format("{} has neither tenant nor basis", words.front()), "leave out what follows it");
  if (!accepts) return answer;

  const bool toPostmaster = *verdict == Verdict::deliver && words.size() > 1 && words[1] == "none";
  std::size_t next = 1;
  if (toPostmaster) {
    ++next;
  } else if (next < words.size() && !basisNamed(words[next])) {
    if (!holds(context.known, words[next]))
      node.fail(fmt::format("unknown tenant \"{}\"", words[next]),
                fmt::format("the family has: {}", fmt::join(context.own, ", ")));
    answer.tenant = words[next++];
  } else if (context.own.size() == 1) {
    answer.tenant = context.own.front();
  } else {
    node.fail("names no tenant", fmt::format("the family has: {}", fmt::join(context.own, ", ")));
  }
  for (; next < words.size(); ++next) {
    const auto basis = basisNamed(words[next]);
    if (!basis || *verdict != Verdict::relay)
      node.fail(fmt::format("\"{}\" is no basis of {}", words[next], words.front()),
                "only relay has a basis: 3a, 3b, 3b-2023");
    if (!answer.basis) answer.basis.emplace();
    answer.basis->insert(*basis);
  }
  return answer;
}

ExpectedAnswers readSet(const Node& node, const AnswerContext& context) {
  ExpectedAnswers answers;
  for (const Node& entry : node.array()) answers.push_back(readAnswer(entry, context));
  if (answers.empty()) node.fail("holds no answer", "name at least one, such as \"deny\"");
  return answers;
}

}  // namespace

std::map<std::string, Node> perProfile(const Node& node, const std::vector<std::string>& profiles) {
  std::map<std::string, Node> spread;
  std::optional<Node> rest;
  for (const auto& [key, value] : node.members()) {
    if (key == "all") {
      rest = value;
      continue;
    }
    const std::vector<std::string> names = wordsOf(key);
    if (names.empty()) value.fail("names no profile", fmt::format("known: all, {}", fmt::join(profiles, ", ")));
    for (const std::string& name : names) {
      if (!holds(profiles, name))
        value.fail(fmt::format("unknown profile \"{}\"", name),
                   fmt::format("known: all, {}", fmt::join(profiles, ", ")));
      if (!spread.emplace(name, value).second)
        value.fail(fmt::format("names the profile {} a second time", name), "name each profile once");
    }
  }
  if (rest)
    for (const std::string& name : profiles) spread.emplace(name, *rest);
  return spread;
}

std::vector<std::vector<ExpectedAnswers>> readAnswers(const Node& node,
                                                      const std::vector<TransactionPlan>& transactions,
                                                      const AnswerContext& context) {
  std::vector<std::vector<ExpectedAnswers>> answers;
  if (node.json().is_array()) {
    const ExpectedAnswers same = readSet(node, context);
    for (const TransactionPlan& transaction : transactions) answers.emplace_back(transaction.recipients.size(), same);
    return answers;
  }
  std::map<std::string, ExpectedAnswers> written;
  for (const auto& [key, value] : node.members()) written.emplace(key, readSet(value, context));
  std::set<std::string> used;
  for (std::size_t t = 0; t < transactions.size(); ++t) {
    auto& ofTransaction = answers.emplace_back();
    for (const std::string& recipient : transactions[t].recipients) {
      const std::string number = std::to_string(t + 1);
      const std::vector<std::string> keys = {number + "/" + recipient, number, recipient};
      const auto key = std::find_if(keys.begin(), keys.end(), [&](const auto& k) { return written.contains(k); });
      if (key == keys.end())
        node.fail(fmt::format("recipient \"{}\" of transaction {} has no answer", recipient, number),
                  fmt::format("add a key \"{}\"", recipient));
      used.insert(*key);
      ofTransaction.push_back(written.at(*key));
    }
  }
  for (const auto& [key, value] : node.members())
    if (!used.contains(key)) value.fail("no recipient takes this answer", "keys are RECIPIENT, N/RECIPIENT or N");
  return answers;
}

}  // namespace relayproof::catalogue
