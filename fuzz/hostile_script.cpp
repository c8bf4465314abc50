#include "fuzz/hostile_script.h"

#include <algorithm>
#include <array>
#include <utility>

namespace relayproof::fuzz {
namespace {

using namespace std::string_view_literals;
using Act = HostileScript::Act;
using Step = HostileScript::Step;

constexpr std::size_t kMostSteps = 64;
constexpr std::size_t kLongest = 0xFFFF;

constexpr std::array kReplies = {
    "250 2.1.0 ok\r\n"sv, "250\r\n"sv, "250-more\r\n"sv, "250 STARTTLS\r\n"sv, "220 go\r\n"sv, "354 go on\r\n"sv,
    "550 5.7.64 Relay Access Denied ATTR36\r\n"sv, "550-5.7.64 Relay Access Denied\r\n"sv, "554 5.7.1 no\r\n"sv,
    "450 4.7.1 not now\r\n"sv, "421 4.3.2 closing\r\n"sv, "451-4.4.62 ATTR35\r\n"sv, "501 what\r\n"sv, "221 bye\r\n"sv,
    "250 a\r\n250 b\r\n"sv, "550 a\r\n250 b\r\n"sv, "250-a\r\n550 b\r\n"sv, "5500 x\r\n"sv, "55"sv, "550 x"sv,
    "Relay Access Denied\r\n"sv, "\r\n"sv, "\n"sv, "550 x\n"sv, "550 x\r"sv, "\0"sv, "5"sv, "199 x\r\n"sv,
    "600 x\r\n"sv, "250 a\r\n250 b\r\n250 c\r\n354 d\r\n250 e\r\n221 f\r\n"sv,
    // An alert (handshake_failure), a record of nothing, one that is too long, one of garbage.
    "\x15\x03\x03\0\x02\x02\x28"sv, "\x17\x03\x03\0\0"sv, "\x16\x03\x03\xFF\xFF"sv, "\x16\x03\x03\0\x01\x09"sv};
constexpr std::array kHeard = {""sv,         "\n"sv,       "EHLO "sv, "STARTTLS\r\n"sv, "MAIL FROM:"sv,
                               "RCPT TO:"sv, "DATA\r\n"sv, "QUIT"sv,  "\r\n.\r\n"sv,    "\x16"sv};

Step someStep(Dice& dice) {
  if (dice.oneIn(2)) return {dice.oneIn(8) ? Act::dribble : Act::say, std::string(dice.of(kReplies))};
  const Act act = static_cast<Act>(dice.below(HostileScript::kActs));
  switch (act) {
    case Act::say:
    case Act::dribble:
    case Act::flood:
      return {act, std::string(dice.of(kReplies))};
    case Act::hear:
      return {act, std::string(dice.of(kHeard))};
    case Act::tls:
      return {act, {static_cast<char>(dice.below(16))}};
    case Act::garble:
      return {act, {static_cast<char>(dice.below(64))}};
    default:
      return {act};
  }
}

}  // namespace

HostileScript HostileScript::behaving(std::string_view until) {
  const std::vector<std::pair<std::string_view, std::vector<Step>>> way = {
      {"connect", {}},
      {"ehlo", {{Act::say, "220 relay.test ESMTP\r\n"}, {Act::hear, "EHLO "}}},
      {"starttls", {{Act::say, "250-relay.test\r\n250 STARTTLS\r\n"}, {Act::hear, "STARTTLS\r\n"}}},
      {"tls", {{Act::say, "220 go\r\n"}}},
      {"mail",
       {{Act::tls, {static_cast<char>(kAsks)}},
        {Act::hear, "EHLO "},
        {Act::say, "250 relay.test\r\n"},
        {Act::hear, "MAIL FROM:"}}},
      {"rcpt", {{Act::say, "250 2.1.0 ok\r\n"}, {Act::hear, "RCPT TO:"}}},
      {"data", {{Act::say, "250 2.1.5 ok\r\n"}, {Act::hear, "DATA\r\n"}}},
      {"content", {{Act::say, "354 go\r\n"}, {Act::hear, "\r\n.\r\n"}}},
      {"quit", {{Act::say, "250 2.0.0 queued\r\n"}, {Act::hear, "QUIT"}, {Act::say, "221 bye\r\n"}, {Act::close}}}};
  HostileScript script;
  script.job = kCertificate;
  for (const auto& [stage, steps] : way) {
    script.steps.insert(script.steps.end(), steps.begin(), steps.end());
    if (stage == until) break;
  }
  return script;
}

std::optional<HostileScript> HostileScript::from(std::string_view octets) {
  if (octets.empty()) return std::nullopt;
  const auto take = [&] {
    const auto value = static_cast<std::uint8_t>(octets.front());
    octets.remove_prefix(1);
    return value;
  };
  HostileScript script;
  script.job = take();
  while (octets.size() >= 3 && script.steps.size() < kMostSteps) {
    const auto act = static_cast<Act>(take() % kActs);
    const std::size_t size = static_cast<std::size_t>(take() << 8);
    const std::size_t length = std::min(size | take(), octets.size());
    script.steps.push_back({act, std::string(octets.substr(0, length))});
    octets.remove_prefix(length);
  }
  return script;
}

std::string HostileScript::octets() const {
  std::string octets{static_cast<char>(job)};
  for (const Step& step : steps) {
    const std::size_t size = std::min(step.octets.size(), kLongest);
    octets += {static_cast<char>(step.act), static_cast<char>(size >> 8), static_cast<char>(size & 0xFFU)};
    octets.append(step.octets, 0, size);
  }
  return octets;
}

HostileScript HostileScript::some(Dice& dice) {
  HostileScript script = behaving("quit");
  for (std::size_t left = 1 + dice.below(3); left > 0; --left) script.mutate(dice);
  return script;
}

void HostileScript::mutate(Dice& dice) {
  const std::size_t at = dice.below(steps.size() + 1);
  const auto place = steps.begin() + static_cast<std::ptrdiff_t>(at);
  if (at == steps.size() || dice.oneIn(3)) {
    if (steps.size() < kMostSteps) steps.insert(place, someStep(dice));
    return;
  }
  switch (dice.below(8)) {
    case 0:
      steps.erase(place);
      break;
    case 1:
      steps.erase(place, steps.end());
      break;
    case 2:
      std::swap(*place, steps[dice.below(steps.size())]);
      break;
    case 3:
      place->octets += dice.of(kReplies);  // in one segment
      break;
    case 4:
      if (!place->octets.empty()) place->octets.resize(dice.below(place->octets.size()));
      break;
    case 5:
      job = static_cast<std::uint8_t>(job ^ 1U << dice.below(4));
      break;
    default:
      *place = someStep(dice);
  }
}

std::string& HostileScript::text(Dice& dice) {
  if (steps.empty()) steps.push_back({});
  return steps[dice.below(steps.size())].octets;
}

}  // namespace relayproof::fuzz
