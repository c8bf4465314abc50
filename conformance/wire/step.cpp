#include "conformance/wire/step.h"

#include <algorithm>

namespace relayproof::wire {
namespace {

bool matchesOne(const std::string& wanted, int code) {
  const std::string digits = std::to_string(code);
  return std::equal(wanted.begin(), wanted.end(), digits.begin(), digits.end(),
                    [](char w, char digit) { return w == digit || w == 'y' || w == 'z'; });
}

}  // namespace

bool matches(const ReplyClass& wanted, int code) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& one) { return matchesOne(one, code); });
}

std::vector<Step> plainDialogue(const std::string& ehloName, bool tls, std::size_t transactions) {
  std::vector<Step> steps{step::Connect{}, step::Ehlo{ehloName}};
  if (tls) {
    steps.emplace_back(step::StartTls{});
    steps.emplace_back(step::Ehlo{ehloName});
  }
  for (std::size_t at = 0; at < transactions; ++at) {
    steps.emplace_back(step::Mail{at});
    steps.emplace_back(step::Content{at});
  }
  steps.emplace_back(step::Quit{});
  return steps;
}

}  // namespace relayproof::wire
