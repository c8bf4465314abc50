#include "fuzz/name_mutator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace relayproof::fuzz {
namespace {

using namespace std::string_view_literals;

// Between them every letter, and the last digit.
constexpr std::array kWords = {"quiz"sv, "fjord"sv,         "pig9"sv, "mail"sv,    "contoso"sv, "test"sv, "a"sv,
                               "b"sv,    "evil"sv,          "x1"sv,   "relay-2"sv, "com"sv,     "0"sv,    "10"sv,
                               "www"sv,  "xn--bcher-kva"sv, "k"sv,    "s"sv,       "mail_1"sv,  "-a"sv,   "Mail"sv};
// Octets that some comparison, table or parser takes for another one, or for an end.
constexpr std::string_view kSpecial = "\0\0.*-_ \t\r\n@/\\:;,'\"%+?[]()^$|~=&#!{}`\x01\x7F\x80\xA0\xC0\xE0\xFF"sv;
constexpr std::array kSeparators = {"."sv,      ""sv,    "\0"sv,   "\0."sv,  " "sv,     ","sv,  ", "sv,
                                    ", DNS:"sv, "\n"sv,  "\r\n"sv, "/"sv,    "@"sv,     ":"sv,  ";"sv,
                                    "-"sv,      "_"sv,   ".."sv,   "/CN="sv, ", CN="sv, "\t"sv, "|"sv,
                                    "\\"sv,     "%00"sv, "\\0"sv,  "#"sv,    "?"sv,     "*"sv,  "*."sv};
constexpr std::array kPrefixes = {"DNS:"sv,   "CN="sv, "https://"sv, "smtp:"sv,       "mailto:a@"sv, "a@"sv,
                                  "_smtp."sv, "."sv,   "*"sv,        "*."sv,          "*.*."sv,      " "sv,
                                  "\""sv,     "\0"sv,  "["sv,        "\xEF\xBB\xBF"sv};
constexpr std::array kSuffixes = {"."sv,  ".."sv, ":25"sv,   "/"sv,  " "sv, "\n"sv, "\0"sv, "\0\0"sv,
                                  "\""sv, "]"sv,  ".test"sv, ".1"sv, "-"sv, "1"sv,  "e"sv};
constexpr std::array kWildLabels = {"*"sv,  "**"sv, "*a"sv,    "a*"sv,    "f*o"sv,    "*.*"sv, "?"sv, "?*"sv,
                                    ".*"sv, ".+"sv, "[a-z]"sv, "xn--*"sv, "*xn--a"sv, "%"sv,   "+"sv, ""sv};
// Lengths at which fields end and counters turn over; the last is that of 16 bits.
constexpr std::array<std::size_t, 26> kLengths = {15,  16,  17,  31,  32,  33,  62,  63,  64,  65,  127,  128,   129,
                                                  200, 251, 252, 253, 254, 255, 256, 257, 511, 512, 1024, 65535, 65536};
// Text that some case folding, normalisation or narrowing makes ASCII.
constexpr std::array kFolding = {"\u212A"sv, "\u017F"sv, "\u0131"sv,     "\u0130"sv, "\u00DF"sv, "\u00FC"sv,
                                 "\u00E0"sv, "\u0430"sv, "\u3002"sv,     "\uFF0E"sv, "\uFF61"sv, "\u2024"sv,
                                 "\u00AD"sv, "\u200B"sv, "\u200D"sv,     "\uFEFF"sv, "\u0301"sv, "\u00A0"sv,
                                 "\u2060"sv, "\uFF0A"sv, "\U0001F600"sv, "\uFE0F"sv};

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

struct Edit {
  Dice& dice;
  std::string& name;
  std::string_view pattern;
  Alphabet alphabet;

  std::string_view domain() const { return pattern.starts_with("*.") ? pattern.substr(2) : pattern; }
  /// A place in the name; of a name in UTF-8 one between two characters.
  std::size_t place(std::size_t among) const {
    std::size_t at = dice.below(among);
    if (alphabet == Alphabet::utf8)
      while (at > 0 && at < name.size() && (static_cast<unsigned char>(name[at]) & 0xC0U) == 0x80) --at;
    return at;
  }
  /// What stands at a place: an octet, or a character.
  std::size_t width(std::size_t at) const {
    std::size_t size = 1;
    if (alphabet == Alphabet::utf8)
      while (at + size < name.size() && (static_cast<unsigned char>(name[at + size]) & 0xC0U) == 0x80) ++size;
    return size;
  }
  /// An octet as this alphabet writes it.
  std::string written(unsigned octet) const {
    if (octet < 0x80 || alphabet == Alphabet::octets) return {static_cast<char>(octet)};
    return utf8(octet);
  }
  static std::string utf8(unsigned point) {
    if (point >= 0x10000)
      return {static_cast<char>(0xF0U | point >> 18), static_cast<char>(0x80U | ((point >> 12) & 0x3FU)),
              static_cast<char>(0x80U | ((point >> 6) & 0x3FU)), static_cast<char>(0x80U | (point & 0x3FU))};
    if (point < 0x800) return {static_cast<char>(0xC0U | point >> 6), static_cast<char>(0x80U | (point & 0x3FU))};
    return {static_cast<char>(0xE0U | point >> 12), static_cast<char>(0x80U | ((point >> 6) & 0x3FU)),
            static_cast<char>(0x80U | (point & 0x3FU))};
  }
  void put(std::size_t at, std::string_view text) const { name.insert(std::min(at, name.size()), text); }
};

// The labels of a name as it stands, empty ones too.
using Labels = std::vector<std::string>;

Labels labelsOf(std::string_view name) {
  Labels labels;
  for (std::size_t start = 0;;) {
    const std::size_t dot = name.find('.', start);
    labels.emplace_back(name.substr(start, dot - start));
    if (dot == std::string_view::npos) return labels;
    start = dot + 1;
  }
}

std::string joined(const Labels& labels) {
  std::string name;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (i > 0) name += '.';
    name += labels[i];
  }
  return name;
}

template <class Change>
void onLabels(const Edit& edit, Change change) {
  Labels labels = labelsOf(edit.name);
  change(labels, labels.begin() + static_cast<std::ptrdiff_t>(edit.dice.below(labels.size())));
  edit.name = joined(labels);
}

std::string someLabel(Dice& dice) {
  if (!dice.oneIn(8)) return std::string(dice.of(kWords));
  constexpr std::array<std::size_t, 6> kSizes = {1, 31, 32, 62, 63, 64};
  return std::string(dice.of(kSizes), dice.oneIn(2) ? 'a' : 'B');
}

void insertLabel(const Edit& edit) {
  onLabels(edit, [&](Labels& labels, auto at) {
    labels.insert(edit.dice.oneIn(2) ? labels.begin() : at, someLabel(edit.dice));
  });
}
void dropLabel(const Edit& edit) {
  onLabels(edit, [&](Labels& labels, auto at) { labels.erase(edit.dice.oneIn(2) ? labels.begin() : at); });
}
void doubleLabel(const Edit& edit) {
  onLabels(edit, [](Labels& labels, auto at) {
    const std::string label = *at;
    labels.insert(at, label);
  });
}
void swapLabels(const Edit& edit) {
  onLabels(edit, [&](Labels& labels, auto at) {
    std::swap(*at, edit.dice.oneIn(2) ? labels.front() : labels[edit.dice.below(labels.size())]);
  });
}
void reverseLabels(const Edit& edit) {
  onLabels(edit, [](Labels& labels, auto) { std::reverse(labels.begin(), labels.end()); });
}
void changeLabel(const Edit& edit) {
  onLabels(edit, [&](Labels& labels, auto at) { *(edit.dice.oneIn(2) ? labels.begin() : at) = someLabel(edit.dice); });
}
void wildLabel(const Edit& edit) {
  onLabels(edit,
           [&](Labels& labels, auto at) { *(edit.dice.oneIn(2) ? labels.begin() : at) = edit.dice.of(kWildLabels); });
}
// `m*`, `*l`, `m*l`, `*mail`: a wildcard over a part of a label.
void wildPart(const Edit& edit) {
  onLabels(edit, [&](Labels& labels, auto at) {
    std::string& label = *(edit.dice.oneIn(3) ? at : labels.begin());
    const std::size_t from = edit.dice.below(label.size() + 1);
    label.replace(from, edit.dice.below(label.size() - from + 1), "*");
  });
}
void aLabel(const Edit& edit) {
  onLabels(edit, [](Labels&, auto at) {
    if (at->starts_with("xn--"))
      at->erase(0, 4);
    else
      at->insert(0, "xn--");
  });
}
void longLabel(const Edit& edit) {
  onLabels(edit, [&](Labels& labels, auto at) {
    (edit.dice.oneIn(2) ? labels.begin() : at)->resize(62 + edit.dice.below(3), edit.dice.oneIn(2) ? 'a' : '0');
  });
}
void foldCase(const Edit& edit) {
  const bool all = edit.dice.oneIn(3);
  const std::size_t only = edit.place(edit.name.size());
  for (std::size_t i = all ? 0 : only; i < (all ? edit.name.size() : std::min(only + 1, edit.name.size())); ++i)
    if (isLetter(edit.name[i])) edit.name[i] = static_cast<char>(edit.name[i] ^ 0x20);
}

void insertSpecial(const Edit& edit) {
  const auto octet = static_cast<unsigned char>(edit.dice.of(kSpecial));
  edit.put(edit.place(edit.name.size() + 1), edit.written(octet));
}
void replaceBySpecial(const Edit& edit) {
  if (edit.name.empty()) return;
  const std::size_t at = edit.place(edit.name.size());
  edit.name.replace(at, edit.width(at), edit.written(static_cast<unsigned char>(edit.dice.of(kSpecial))));
}
void replaceByLetter(const Edit& edit) {
  if (edit.name.empty()) return;
  const std::size_t at = edit.place(edit.name.size());
  edit.name.replace(at, edit.width(at), 1, "abmstxz019-."[edit.dice.below(12)]);
}
// A dot is where a regular expression takes any octet; and what comes of taking several.
void replaceDot(const Edit& edit) {
  const std::size_t dot = edit.name.find('.', edit.dice.below(edit.name.size() + 1));
  if (dot == std::string::npos) return;
  constexpr std::array kInstead = {"x"sv,      ""sv,       "-"sv, ".."sv, "\0"sv,  "%2e"sv,
                                   "\u3002"sv, "\uFF0E"sv, " "sv, "_"sv,  ".a."sv, ".*."sv};
  edit.name.replace(dot, 1, edit.dice.of(kInstead));
}
void deleteOctets(const Edit& edit) {
  if (edit.name.empty()) return;
  const std::size_t at = edit.place(edit.name.size());
  edit.name.erase(at, edit.width(at));
}
void doubleOctet(const Edit& edit) {
  if (edit.name.empty()) return;
  const std::size_t at = edit.place(edit.name.size());
  edit.put(at, std::string(edit.name, at, edit.width(at)));
}
void swapOctets(const Edit& edit) {
  if (edit.name.size() < 2) return;
  const std::size_t at = edit.place(edit.name.size() - 1);
  const std::size_t next = at + edit.width(at);
  if (next >= edit.name.size()) return;
  std::rotate(edit.name.begin() + static_cast<std::ptrdiff_t>(at),
              edit.name.begin() + static_cast<std::ptrdiff_t>(next),
              edit.name.begin() + static_cast<std::ptrdiff_t>(next + edit.width(next)));
}
// One bit: what folding by `| 0x20` or `& 0x5F`, or a table of 7 bits, does not see.
void flipBit(const Edit& edit) {
  if (edit.name.empty()) return;
  const std::size_t at = edit.place(edit.name.size());
  constexpr std::array<unsigned, 5> kBits = {0x20, 0x80, 0x40, 0x20, 0x01};
  edit.name.replace(at, edit.width(at), edit.written(static_cast<unsigned char>(edit.name[at]) ^ edit.dice.of(kBits)));
}
// Octets of names that look alike, or that somebody takes for one another.
void confuse(const Edit& edit) {
  constexpr std::string_view kAlike = "-_0o1l-.5s_.";
  const std::size_t at = edit.name.find_first_of("-_0o1l.5s", edit.dice.below(edit.name.size() + 1));
  if (at == std::string::npos) return;
  const std::size_t pair = kAlike.find(edit.name[at], edit.dice.oneIn(2) ? 0 : 6);
  if (pair != std::string_view::npos) edit.name[at] = kAlike[pair ^ 1U];
}
// An octet as URLs, zone files, HTML and mail write it.
void escape(const Edit& edit) {
  if (edit.name.empty()) return;
  const std::size_t at = edit.place(edit.name.size());
  const auto octet = static_cast<unsigned char>(edit.name[at]);
  constexpr std::array kForms = {"%{:02x}"sv, "\\{:03}"sv, "&#{};"sv, "={:02X}"sv, "\\{:02x}"sv};
  edit.name.replace(at, edit.width(at), fmt::format(fmt::runtime(edit.dice.of(kForms)), octet));
}
void foldBeyondAscii(const Edit& edit) {
  const std::size_t at = edit.place(edit.name.size() + 1);
  const std::size_t over = at < edit.name.size() && !edit.dice.oneIn(3) ? edit.width(at) : 0;
  edit.name.replace(at, over, edit.dice.of(kFolding));
}
// The letters for which another one outside ASCII folds to them, and code points whose low octets are the letter.
void lookAlike(const Edit& edit) {
  if (edit.name.empty()) return;
  std::size_t at = edit.place(edit.name.size());
  const std::size_t found = edit.name.find_first_of(edit.dice.oneIn(2) ? "kKsSiI" : ".abcdefghijklmnopqrstuvwxyz*", at);
  if (found != std::string::npos) at = found;
  const auto octet = static_cast<unsigned char>(edit.name[at]);
  const bool small = edit.dice.oneIn(2);
  std::string instead = octet == 'k' || octet == 'K'   ? "\u212A"
                        : octet == 's' || octet == 'S' ? "\u017F"
                        : octet == 'i' || octet == 'I' ? (small ? "\u0131" : "\u0130")
                                                       : Edit::utf8(0xFF00U + (octet - 0x20U) % 0x60U);
  constexpr std::array<unsigned, 4> kPages = {0x100, 0x200, 0x4E00, 0x2100};
  // Letters in circles, and bold ones of mathematics: a compatibility form of a small letter each.
  constexpr std::array<unsigned, 2> kAlphabets = {0x24D0, 0x1D41A};
  if (octet >= 'a' && octet <= 'z' && edit.dice.oneIn(3))
    instead = Edit::utf8(edit.dice.of(kAlphabets) + octet - 'a');
  else if (edit.dice.oneIn(2))
    instead = Edit::utf8(edit.dice.of(kPages) + octet);
  edit.name.replace(at, edit.width(at), instead);
}

void splice(const Edit& edit) {
  const std::string_view what = edit.dice.oneIn(2) ? edit.pattern : edit.domain();
  const std::string_view separator = edit.dice.of(kSeparators);
  switch (edit.dice.below(4)) {
    case 0:
      edit.name = std::string(what).append(separator).append(edit.name);
      break;
    case 1:
      edit.name.append(separator).append(what);
      break;
    case 2: {
      const std::size_t at = edit.place(edit.name.size() + 1);
      edit.put(at, what);
      edit.put(at, separator);
      break;
    }
    default:
      edit.name.append(separator).append(edit.dice.of(kWords)).append(".test");
  }
}
void prefix(const Edit& edit) { edit.put(0, edit.dice.oneIn(3) ? edit.dice.of(kWords) : edit.dice.of(kPrefixes)); }
void suffix(const Edit& edit) { edit.name += edit.dice.oneIn(3) ? edit.dice.of(kWords) : edit.dice.of(kSuffixes); }
void wrap(const Edit& edit) {
  constexpr std::array kAround = {"\"\""sv, "''"sv, "[]"sv, "<>"sv, "()"sv, "{}"sv, "  "sv, ".."sv, "\0\0"sv};
  const std::string_view around = edit.dice.of(kAround);
  edit.put(0, around.substr(0, 1));
  edit.name += around[1];
}
void anew(const Edit& edit) { edit.name = edit.dice.oneIn(2) ? edit.pattern : edit.domain(); }
void belowDomain(const Edit& edit) { edit.name = someLabel(edit.dice) + "." + std::string(edit.domain()); }
void cut(const Edit& edit) {
  const std::size_t at = edit.place(edit.name.size() + 1);
  if (edit.dice.oneIn(2))
    edit.name.resize(at);
  else
    edit.name.erase(0, at);
}

// Octets that fill a name up: labels in front of it, or anything behind.
std::string filling(Dice& dice, std::size_t size) {
  constexpr std::array kOf = {"a"sv, "a."sv, "\0"sv, " "sv, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."sv,
                              "."sv, "1."sv, "*."sv};
  const std::string_view unit = dice.oneIn(2) ? kOf[4] : dice.of(kOf);
  std::string text;
  while (text.size() < size) text += unit;
  text.resize(size);
  return text;
}
void fillUp(const Edit& edit) {
  const std::size_t wanted = edit.dice.of(kLengths);
  if (wanted > 1024 && !edit.dice.oneIn(16)) return;
  const std::size_t size = edit.name.size();
  // Up to that length in all; or by that much, so that a length in too few bits comes out the same.
  const std::size_t missing = edit.dice.oneIn(3) || wanted >= 65535 ? wanted : wanted > size ? wanted - size : 0;
  std::string fill = filling(edit.dice, missing);
  if (edit.dice.oneIn(2)) {
    edit.name += fill;
  } else {
    if (fill.size() > 1 && edit.dice.oneIn(2)) {
      fill.back() = '.';
      if (fill[fill.size() - 2] == '.') fill[fill.size() - 2] = 'b';
    }
    edit.put(0, fill);
  }
}
// A name that is well-formed and as long as one may be, or has as many labels.
void longest(const Edit& edit) {
  const std::size_t wanted = 251 + edit.dice.below(4);
  const std::size_t size = edit.dice.of(std::array<std::size_t, 3>{1, 31, 63});
  while (edit.name.size() < wanted) {
    const std::size_t left = wanted - edit.name.size();
    edit.put(0, std::string(std::min(size, left > 1 ? left - 1 : 1), 'a') + (left > 1 ? "." : ""));
  }
}

using Step = void (*)(const Edit&);
// A step that stands twice is twice as likely.
constexpr std::array<Step, 41> kSteps = {insertLabel, insertLabel,   dropLabel,     dropLabel,        doubleLabel,
                                         swapLabels,  reverseLabels, changeLabel,   wildLabel,        wildLabel,
                                         wildPart,    wildPart,      aLabel,        longLabel,        foldCase,
                                         foldCase,    insertSpecial, insertSpecial, replaceBySpecial, replaceByLetter,
                                         replaceDot,  replaceDot,    deleteOctets,  doubleOctet,      swapOctets,
                                         flipBit,     flipBit,       splice,        splice,           prefix,
                                         suffix,      anew,          belowDomain,   belowDomain,      cut,
                                         fillUp,      longest,       insertSpecial, confuse,          escape,
                                         wrap};
constexpr std::array<Step, 2> kTextSteps = {foldBeyondAscii, lookAlike};

}  // namespace

void mutateName(Dice& dice, std::string& name, std::string_view pattern, Alphabet alphabet) {
  const bool text = dice.oneIn(alphabet == Alphabet::utf8 ? 5 : 40);
  const Edit edit{dice, name, pattern, alphabet};
  (text ? dice.of(kTextSteps) : dice.of(kSteps))(edit);
}

std::string someName(Dice& dice, std::string_view pattern, Alphabet alphabet) {
  std::string name;
  const Edit edit{dice, name, pattern, alphabet};
  (dice.oneIn(2) ? anew : belowDomain)(edit);
  for (std::size_t steps = dice.below(4); steps > 0; --steps) mutateName(dice, name, pattern, alphabet);
  return name;
}

std::string somePattern(Dice& dice) {
  std::string domain = "contoso.test";
  if (dice.oneIn(3)) {
    domain = dice.of(std::array{"test"sv, "com"sv, "a"sv, "x1"sv, "xn--bcher-kva"sv, "co.uk"sv});
    for (std::size_t left = 1 + dice.below(3); left > 0; --left) domain = someLabel(dice) + "." + domain;
  }
  std::string pattern = (dice.oneIn(2) ? "*." : dice.oneIn(4) ? "" : "mail.") + domain;
  const Edit edit{dice, pattern, pattern, Alphabet::octets};
  if (dice.oneIn(8)) foldCase(edit);
  // The same words again: the first place where the end of a name is found need not be its end.
  if (dice.oneIn(16)) pattern += "." + domain;
  if (dice.oneIn(32)) {
    std::string name(domain);
    longest({dice, name, domain, Alphabet::octets});
    pattern = name;
  }
  return pattern;
}

void mutatePattern(Dice& dice, std::string& pattern) {
  constexpr std::array<Step, 12> kFew = {insertLabel, dropLabel, doubleLabel, swapLabels,      changeLabel, aLabel,
                                         longLabel,   foldCase,  longest,     replaceByLetter, prefix,      cut};
  const std::string before = pattern;
  dice.of(kFew)({dice, pattern, before, Alphabet::octets});
  if (dice.oneIn(4)) pattern = before.starts_with("*.") ? before.substr(2) : "*." + before;
}

}  // namespace relayproof::fuzz
