#include "certs/document.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <set>
#include <stdexcept>

namespace relayproof {
namespace {

constexpr int kDeepestNesting = 64;
constexpr std::size_t kLargestFile = std::size_t{256} << 20;
// An ordered object compares each new key with all before it.
constexpr std::size_t kMostKeys = 2000;

// What a stranger wrote is repeated only as far as it helps to find it.
std::string shortened(std::string text) {
  constexpr std::size_t kEnough = 200;
  if (text.size() <= kEnough) return text;
  std::size_t end = kEnough;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // no half of a character
  text.resize(end);
  return text + "…";
}

// Builds the document and refuses what nlohmann's own builder lets pass: repeated keys, and nesting or objects without
// end. After the first fault nothing more is kept, so that what is wrong takes neither memory nor time.
struct StrictBuilder {
  std::vector<std::set<std::string>> keysOfOpenObjects;
  std::string fault;

  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    using Event = Json::parse_event_t;
    if (!fault.empty()) return false;
    if (depth > kDeepestNesting) fault = fmt::format("nesting deeper than {} levels", kDeepestNesting);
    if (event == Event::object_start) keysOfOpenObjects.emplace_back();
    if (event == Event::object_end) keysOfOpenObjects.pop_back();
    if (event == Event::key) {
      std::set<std::string>& keys = keysOfOpenObjects.back();
      if (!keys.insert(parsed.get<std::string>()).second)
        fault = fmt::format("the key {} stands twice in one object", shortened(parsed.dump()));
      else if (keys.size() > kMostKeys)
        fault = fmt::format("an object has more than {} keys", kMostKeys);
    }
    return fault.empty();
  }
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Letters in the wrong case are no distance.
std::size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::string joined(const std::string& key, std::string_view member) {
  return key.empty() ? std::string(member) : fmt::format("{}.{}", key, member);
}

}  // namespace

std::string Error::text() const {
  std::string text;
  if (!place.empty()) text += place + ": ";
  if (!key.empty()) text += key + ": ";
  text += problem;
  if (!mend.empty()) text += "; " + mend;
  return text;
}

void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::runtime_error(error.text());
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string_view>& known) {
  constexpr std::size_t kLongestWord = 100;  // what is longer is nobody's slip of the pen
  if (word.size() > kLongestWord) return std::nullopt;
  const auto begun = std::find_if(known.begin(), known.end(),
                                  [&](std::string_view each) { return word.size() > 2 && each.starts_with(word); });
  if (begun != known.end()) return std::string(*begun);
  const auto best = std::min_element(known.begin(), known.end(), [&](std::string_view a, std::string_view b) {
    return editDistance(word, a) < editDistance(word, b);
  });
  if (best == known.end()) return std::nullopt;
  const std::size_t distance = editDistance(word, *best);
  const bool near =
      distance < word.size() && distance <= std::max<std::size_t>(2, std::max(word.size(), best->size()) / 3);
  return near ? std::optional(std::string(*best)) : std::nullopt;
}

void Node::allowOnly(std::initializer_list<std::string_view> keys) const {
  for (const auto& [name, node] : members()) {
    if (std::find(keys.begin(), keys.end(), name) != keys.end()) continue;
    const std::vector<std::string_view> known(keys);
    const auto near = nearest(name, known);
    node.fail("unknown key", near ? fmt::format("did you mean \"{}\"?", *near)
                                  : fmt::format("known here: {}", fmt::join(known, ", ")));
  }
}

bool Node::has(std::string_view key) const { return value_->is_object() && value_->contains(key); }

Node Node::at(std::string_view key) const {
  if (!value_->is_object()) fail("must be an object");
  const auto found = value_->find(key);
  if (found == value_->end()) fail(fmt::format("the key \"{}\" is missing", key));
  return Node(*found, place_, joined(key_, key));
}

std::optional<Node> Node::find(std::string_view key) const {
  if (!value_->is_object()) fail("must be an object");
  const auto found = value_->find(key);
  if (found == value_->end() || found->is_null()) return std::nullopt;
  return Node(*found, place_, joined(key_, key));
}

std::string Node::string() const {
  if (!value_->is_string()) fail("must be a string");
  return value_->get<std::string>();
}

bool Node::boolean() const {
  if (!value_->is_boolean()) fail("must be true or false");
  return value_->get<bool>();
}

std::int64_t Node::integer(std::int64_t least, std::int64_t most) const {
  const bool tooLarge =
      value_->is_number_unsigned() && value_->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
  if (!value_->is_number_integer() || tooLarge || value_->get<std::int64_t>() < least ||
      value_->get<std::int64_t>() > most)
    fail(fmt::format("must be a whole number from {} to {}", least, most));
  return value_->get<std::int64_t>();
}

std::vector<Node> Node::array() const {
  if (!value_->is_array()) fail("must be an array");
  std::vector<Node> nodes;
  for (std::size_t i = 0; i < value_->size(); ++i)
    nodes.emplace_back((*value_)[i], place_, fmt::format("{}[{}]", key_, i));
  return nodes;
}

std::vector<std::string> Node::strings() const {
  std::vector<std::string> texts;
  for (const Node& node : array()) texts.push_back(node.string());
  return texts;
}

std::vector<std::pair<std::string, Node>> Node::members() const {
  if (!value_->is_object()) fail("must be an object");
  std::vector<std::pair<std::string, Node>> members;
  for (const auto& [name, value] : value_->items()) members.emplace_back(name, Node(value, place_, joined(key_, name)));
  return members;
}

std::string Node::stringOr(std::string_view key, std::string otherwise) const {
  const auto node = find(key);
  return node ? node->string() : std::move(otherwise);
}

bool Node::booleanOr(std::string_view key, bool otherwise) const {
  const auto node = find(key);
  return node ? node->boolean() : otherwise;
}

std::vector<std::string> Node::stringsOr(std::string_view key, std::vector<std::string> otherwise) const {
  const auto node = find(key);
  return node ? node->strings() : std::move(otherwise);
}

void Node::fail(std::string problem, std::string mend) const {
  throw Error{place_, shortened(key_), std::move(problem), std::move(mend)};
}

void Node::failUnknown(std::string_view word, const std::vector<std::string_view>& known) const {
  const auto near = nearest(word, known);
  fail(fmt::format("unknown value \"{}\"", shortened(std::string(word))),
       near ? fmt::format("did you mean \"{}\"?", *near) : fmt::format("known here: {}", fmt::join(known, ", ")));
}

Expected<Json> parseJson(std::string_view text, const std::string& place) {
  StrictBuilder builder;
  try {
    Json document = Json::parse(text, std::ref(builder));
    if (!builder.fault.empty()) return Error{place, {}, builder.fault, {}};
    return document;
  } catch (const Json::parse_error& error) {
    const std::size_t end = std::min(error.byte == 0 ? 0 : error.byte - 1, text.size());
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
    std::string what = error.what();
    if (const auto detail = what.find(": "); detail != std::string::npos) what = what.substr(detail + 2);
    return Error{fmt::format("{}:{}", place, line), {}, "no valid JSON: " + what, {}};
  } catch (const Json::out_of_range&) {
    return Error{place, {}, "no valid JSON: a number is too large", "write a smaller one, or a string"};
  }
}

Expected<std::string> readFile(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return Error{path, {}, "is a folder", "name a file"};
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open()) return Error{path, {}, fmt::format("cannot be read: {}", std::strerror(errno)), {}};
  std::string octets;
  for (std::array<char, 65536> part; file.read(part.data(), part.size()), file.gcount() > 0;) {
    octets.append(part.data(), static_cast<std::size_t>(file.gcount()));
    if (octets.size() > kLargestFile)  // a device never ends
      return Error{path, {}, fmt::format("has more than {} MiB", kLargestFile >> 20), "name a file of text"};
  }
  return octets;
}

}  // namespace relayproof
