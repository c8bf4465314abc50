// A dictionary for libFuzzer and AFL++ out of the seeds of a target: what many of them hold.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace relayproof::fuzz {

/// Words (letters, digits, hyphens), what stands between words, and a word with what follows it.
std::vector<std::string> textWords(std::string_view octets);
/// Elements of DER that are no longer than a word: object identifiers, flags, short strings. Nothing of what is no DER.
std::vector<std::string> derWords(std::string_view octets);
/// Single octets.
std::vector<std::string> octetWords(std::string_view octets);

/// The lines of the file, an entry each: the words that at least two seeds hold, those of most seeds first, 256 at
/// most.
std::string dictionaryOf(const std::set<std::string>& seeds, std::vector<std::string> (*words)(std::string_view));

}  // namespace relayproof::fuzz
