#include "certs/domain_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "certs/name_blueprint.h"

namespace relayproof::certs {
namespace {

constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestName = 253;
constexpr std::array<std::size_t, 3> kCuts{32, 64, 128};
constexpr std::int64_t kMany = 100;  // of so many names in one certificate the size is the point

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
  std::string folded(text);
  for (char& c : folded) c = lower(c);
  return folded;
}

std::vector<std::string_view> labelsOf(std::string_view name) {
  std::vector<std::string_view> labels;
  for (std::size_t at = 0;; ++at) {
    const std::size_t dot = std::min(name.find('.', at), name.size());
    labels.push_back(name.substr(at, dot - at));
    if (dot == name.size()) return labels;
    at = dot;
  }
}

bool isLabel(std::string_view label) {
  return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

// Two labels or more, as every pattern of a connector has, and room for a host below it.
bool isDomain(const std::string& text) {
  constexpr std::size_t kRoomForHosts = 100;
  const auto labels = labelsOf(text);
  return text.size() <= kLongestName - kRoomForHosts && labels.size() > 1 &&
         std::all_of(labels.begin(), labels.end(), isLabel) &&
         labels.back().find_first_not_of("0123456789") != std::string_view::npos;
}

bool isReserved(const std::string& domain) {
  return domain.ends_with(".test") || domain.ends_with(".example") || domain.ends_with(".invalid");
}

bool sameOrBelow(std::string_view name, std::string_view domain) {
  return name.ends_with(domain) && (name.size() == domain.size() || name[name.size() - domain.size() - 1] == '.');
}

// The letters of `to`, each label in the case of its counterpart in `like`.
std::string inCaseOf(std::string_view like, std::string_view to) {
  const auto models = labelsOf(like);
  std::string text;
  std::size_t number = 0;
  for (const std::string_view label : labelsOf(to)) {
    const std::string_view model = models[std::min(number++, models.size() - 1)];
    if (!text.empty()) text += '.';
    for (std::size_t i = 0; i < label.size(); ++i) {
      const char c = model[std::min(i, model.size() - 1)];
      const bool capital = c >= 'A' && c <= 'Z' && label[i] >= 'a' && label[i] <= 'z';
      text += capital ? static_cast<char>(label[i] - 'a' + 'A') : label[i];
    }
  }
  return text;
}

bool isCut(std::size_t octets) {
  return octets >= kLongestName || std::find(kCuts.begin(), kCuts.end(), octets) != kCuts.end();
}

// Makes up for `excess` octets, or a lack of them, in the long labels of `text` that end before `end`; the last ones
// first. A label keeps its beginning. False: there are no such labels.
bool makeUp(std::string& text, std::size_t end, std::ptrdiff_t excess) {
  constexpr std::size_t kLong = 12, kShort = 2, kMost = 62;
  while (end > 0 && excess != 0) {
    const std::size_t dot = text.rfind('.', end - 1);
    const std::size_t begin = dot == std::string::npos ? 0 : dot + 1;
    const std::size_t size = end - begin;
    if (size >= kLong && size <= kMost && isLabel(lower(std::string_view(text).substr(begin, size)))) {
      if (excess > 0) {
        const std::size_t less = std::min(static_cast<std::size_t>(excess), size - kShort);
        text.erase(end - less, less);
        excess -= static_cast<std::ptrdiff_t>(less);
      } else {
        const std::size_t more = std::min(static_cast<std::size_t>(-excess), kMost - size);
        text.insert(end, more, text[end - 1]);
        excess += static_cast<std::ptrdiff_t>(more);
      }
    }
    end = begin == 0 ? 0 : begin - 1;
  }
  return excess == 0;
}

// In how many octets the likest part of `text` differs from `word`.
std::size_t distanceWithin(std::string_view word, std::string_view text) {
  std::vector<std::size_t> column(word.size() + 1);
  std::iota(column.begin(), column.end(), std::size_t{0});
  std::size_t least = column.back();
  for (const char c : text) {
    std::size_t diagonal = std::exchange(column[0], 0);
    for (std::size_t i = 0; i < word.size(); ++i) {
      const std::size_t replaced = diagonal + (word[i] == c ? 0 : 1);
      diagonal = column[i + 1];
      column[i + 1] = std::min({replaced, column[i] + 1, diagonal + 1});
    }
    least = std::min(least, column.back());
  }
  return least;
}

// What a reader makes of a text who sees the low octets of its characters only, and no NULs.
std::string lowOctets(std::string_view utf8) {
  std::string octets;
  unsigned character = 0;
  for (const char c : utf8) {
    const auto octet = static_cast<unsigned char>(c);
    const bool goesOn = (octet & 0xC0U) == 0x80U;
    character = goesOn ? (character << 6U) | (octet & 0x3FU) : octet;
    if (goesOn && !octets.empty()) octets.pop_back();
    octets += static_cast<char>(character & 0xFFU);
  }
  std::erase(octets, '\0');
  return lower(octets);
}

// Whether a wildcard stands for some labels of the domain and its other labels are there.
bool wildcardTakes(std::string_view text, std::string_view domain) {
  if (text.find('*') == std::string_view::npos) return false;
  const auto ours = labelsOf(text), theirs = labelsOf(domain);
  if (ours.size() < theirs.size()) return false;
  std::size_t literal = 0, wild = 0;
  for (std::size_t i = 1; i <= theirs.size(); ++i) {
    const std::string_view label = ours[ours.size() - i];
    if (label == theirs[theirs.size() - i])
      ++literal;
    else if (label.find('*') != std::string_view::npos)
      ++wild;
    else
      return false;
  }
  return literal > 0 && wild > 0;
}

bool likeALabel(std::string_view text, std::string_view label) {
  for (const std::string_view each : labelsOf(text)) {
    const std::size_t hyphen = each.rfind('-');
    if (each.starts_with("xn--") && hyphen > 3 && distanceWithin(label, each.substr(4, hyphen - 4)) <= 1) return true;
  }
  return false;
}

bool resembles(const std::string& text, const std::string& domain) {
  constexpr std::size_t kEnoughToBeLike = 10, kEnoughToBeFound = 5;
  const std::string_view label = labelsOf(domain).front();
  return distanceWithin(domain, text) <= (domain.size() < kEnoughToBeLike ? 1 : 2) || wildcardTakes(text, domain) ||
         likeALabel(text, label) || (label.size() >= kEnoughToBeFound && text.find(label) != std::string::npos);
}

bool namedAsDomain(const Json& document, std::string_view domain) {
  if (document.is_string()) {
    const std::string text = lower(document.get_ref<const std::string&>());
    for (std::size_t at = text.find(domain); at != std::string::npos; at = text.find(domain, at + 1))
      if (at == 0 || !isLabel(std::string_view(text).substr(at - 1, 1))) return true;
    return false;
  }
  return document.is_structured() &&
         std::any_of(document.begin(), document.end(), [&](const Json& part) { return namedAsDomain(part, domain); });
}

// Octets that are written out, by what this key holds.
std::string written(const std::string& digits) {
  const Json json(digits);
  return lowOctets(readDigits(Node(json, {}, {})));
}

}  // namespace

DomainMap::DomainMap(const Node& node) {
  for (const auto& [from, value] : node.members()) {
    const std::string to = lower(value.string());
    if (!isDomain(from) || !isReserved(from))
      value.fail(fmt::format("\"{}\" is no domain that the cases are written with", from),
                 "map one such as contoso.test; relayproof plan shows them");
    if (!isDomain(to))
      value.fail(fmt::format("\"{}\" is no domain that can stand for it", to),
                 "write two labels or more of letters, digits and hyphens, 153 octets at most; a U-label as its "
                 "A-label");
    for (const Pair& other : pairs_)
      if (sameOrBelow(to, other.to) || sameOrBelow(other.to, to))
        value.fail(fmt::format("\"{}\" and \"{}\", which stands for {}, are one domain or one below the other", to,
                               other.to, other.from),
                   "map to domains that are apart, such as a.lab.example and b.lab.example");
    pairs_.push_back({from, to, node.place(), value.key()});
  }
}

Json DomainMap::json() const {
  Json map = Json::object();
  for (const Pair& pair : pairs_) map[pair.from] = pair.to;
  return map;
}

std::optional<Error> DomainMap::faultIn(const std::vector<const Json*>& documents) const {
  const auto named = [&](const std::string& domain) {
    return std::any_of(documents.begin(), documents.end(),
                       [&](const Json* document) { return namedAsDomain(*document, domain); });
  };
  for (const Pair& pair : pairs_) {
    if (!named(pair.from))
      return Error(pair.place, pair.key, fmt::format("nothing here names {}", pair.from), "leave it out");
    if (named(pair.to))
      return Error(pair.place, pair.key, fmt::format("{} is named here already", pair.to), "map to another domain");
  }
  return std::nullopt;
}

Json DomainMap::applied(const Json& document) const {
  if (document.is_string()) return mapped(document.get<std::string>());
  Json all = document;
  for (Json& part : all)
    if (part.is_structured() || part.is_string()) part = applied(part);
  return all;
}

std::optional<DomainMap::Hit> DomainMap::next(std::string_view lower, std::size_t from) const {
  std::optional<Hit> first;
  for (const Pair& pair : pairs_)
    if (const std::size_t at = lower.find(pair.from, from); at != std::string_view::npos)
      if (!first || at < first->at || (at == first->at && pair.from.size() > first->pair->from.size()))
        first = Hit{&pair, at};
  return first;
}

std::string DomainMap::mapped(const std::string& text) const {
  const std::string folded = lower(text);
  std::string out;
  std::size_t at = 0;
  for (auto hit = next(folded, 0); hit; hit = next(folded, at)) {
    const std::size_t end = hit->at + hit->pair->from.size();
    std::string domain = inCaseOf(std::string_view(text).substr(hit->at, end - hit->at), hit->pair->to);
    std::string before = out + text.substr(at, hit->at - at);
    const auto excess = static_cast<std::ptrdiff_t>(before.size() + domain.size()) - static_cast<std::ptrdiff_t>(end);
    if (std::string padded = before;
        isCut(end) && makeUp(padded, padded.ends_with('.') ? padded.size() - 1 : padded.size(), excess))
      before = std::move(padded);
    out = std::move(before) + std::move(domain);
    at = end;
  }
  return out + text.substr(at);
}

std::optional<std::string> DomainMap::resembled(const std::string& text) const {
  std::string rest;
  const std::string folded = lower(text);
  std::size_t at = 0;
  for (auto hit = next(folded, 0); hit; hit = next(folded, at)) {
    rest += text.substr(at, hit->at - at) + '\n';
    at = hit->at + hit->pair->from.size();
  }
  rest = lowOctets(rest + text.substr(at));
  for (const Pair& pair : pairs_)
    if (resembles(rest, pair.from)) return pair.from;
  return std::nullopt;
}

std::optional<std::string> DomainMap::brokenText(const std::string& before, const std::string& after) const {
  if (const auto like = resembled(before))
    return fmt::format("it holds what only resembles {} and cannot follow it", *like);
  const std::size_t longest = std::max(before.size(), after.size());
  if (before.size() != after.size() && longest >= kLongestName)
    return fmt::format("a text of {} octets, whose length is the point, would have {}", before.size(), after.size());
  return std::nullopt;
}

std::optional<std::string> DomainMap::broken(const Json& before, const Json& after) const {
  if (before.is_string()) return brokenText(before.get<std::string>(), after.get<std::string>());
  if (before.is_object()) {
    if (const auto hex = before.find("hex"); hex != before.end() && hex->is_string())
      for (const Pair& pair : pairs_)
        if (resembles(written(hex->get<std::string>()), pair.from))
          return fmt::format("octets that are written out spell {}", pair.from);
    const std::string tag = before.value("tag", "");
    if ((tag == "1e" || tag == "1c") && before["value"].dump().size() != after["value"].dump().size())
      return "how many octets there are for characters of two or four is the point";
    if (before.contains("length") && before.contains("value") && before["value"] != after["value"])
      return "a length that is written out stands before its domain";
    if (before.contains("many") && before["many"]["count"].get<std::int64_t>() >= kMany &&
        before["many"]["dns"].get<std::string>().size() != after["many"]["dns"].get<std::string>().size())
      return "the size of its thousands of names is the point";
  }
  if (before.is_structured())
    for (auto one = before.begin(), other = after.begin(); one != before.end(); ++one, ++other)
      if (auto why = broken(*one, *other)) return why;
  return std::nullopt;
}

}  // namespace relayproof::certs
