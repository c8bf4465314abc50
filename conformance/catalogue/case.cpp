#include "conformance/catalogue/case.h"

#include <fmt/format.h>

#include <algorithm>

namespace relayproof::catalogue {

std::set<verdict::Wire> wire(const ExpectedAnswers& answers) {
  std::set<verdict::Wire> seen;
  for (const ExpectedAnswer& answer : answers) seen.insert(verdict::onTheWire(answer.verdict));
  return seen;
}

bool refuses(const std::set<verdict::Wire>& wire) { return !wire.contains(verdict::Wire::accept); }

bool Case::hasTag(std::string_view tag) const { return std::find(tags.begin(), tags.end(), tag) != tags.end(); }

bool Case::saysTheSame(const Case& other) const {
  return ehlo == other.ehlo && transactions == other.transactions && steps == other.steps;
}

std::string Case::place() const { return fmt::format("{}:{}", file, line); }

std::string Case::key() const { return fmt::format("cases.{}", id.substr(family.size() + 1)); }

}  // namespace relayproof::catalogue
