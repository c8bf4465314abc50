#include "fuzz/dictionary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "certs/der.h"

namespace relayproof::fuzz {
namespace {

constexpr std::size_t kLongestWord = 40, kMostWords = 256;

bool isOfWords(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

void addElements(std::string_view octets, std::vector<std::string>& words) {
  constexpr std::uint8_t kConstructed = 0x20;
  for (certs::der::Reader reader(octets); const auto element = reader.next();) {
    if (element->whole.size() <= kLongestWord) words.emplace_back(element->whole);
    // Names and other extensions stand in an OCTET STRING.
    if ((element->tag & kConstructed) != 0 || element->tag == certs::der::kOctetString)
      addElements(element->content, words);
  }
}

std::string entryOf(std::string_view word) {
  std::string text = "\"";
  for (const char c : word) {
    if (c < ' ' || c > '~' || c == '"' || c == '\\')
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      text += c;
  }
  return text + "\"\n";
}

}  // namespace

std::vector<std::string> textWords(std::string_view octets) {
  std::vector<std::string> runs;
  for (const char c : octets) {
    if (runs.empty() || isOfWords(runs.back().back()) != isOfWords(c)) runs.emplace_back();
    runs.back() += c;
  }
  std::vector<std::string> words = runs;
  for (std::size_t i = 0; i + 1 < runs.size(); ++i)
    if (isOfWords(runs[i].front())) words.push_back(runs[i] + runs[i + 1]);
  return words;
}

std::vector<std::string> derWords(std::string_view octets) {
  std::vector<std::string> words;
  addElements(octets, words);
  return words;
}

std::vector<std::string> octetWords(std::string_view octets) {
  std::vector<std::string> words;
  for (const char c : octets) words.emplace_back(1, c);
  return words;
}

std::string dictionaryOf(const std::set<std::string>& seeds, std::vector<std::string> (*words)(std::string_view)) {
  std::map<std::string, std::size_t> holders;
  for (const std::string& seed : seeds) {
    const std::vector<std::string> all = words(seed);
    for (const std::string& word : std::set<std::string>(all.begin(), all.end()))
      if (word.size() <= kLongestWord) ++holders[word];
  }
  std::vector<std::pair<std::size_t, std::string>> kept;
  for (const auto& [word, count] : holders)
    if (count > 1) kept.emplace_back(count, word);
  std::ranges::sort(kept, [](const auto& a, const auto& b) {
    return a.first > b.first || (a.first == b.first && a.second < b.second);
  });
  std::string text;
  for (std::size_t i = 0; i < std::min(kept.size(), kMostWords); ++i) text += entryOf(kept[i].second);
  return text;
}

}  // namespace relayproof::fuzz
