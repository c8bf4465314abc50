// A JSON document that a person wrote, read strictly: every error names the file, the key and the mend.
// The first folder of the project holds it, since blueprints, tenancies, profiles, set-ups and cases are all read by
// it.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace relayproof {

using Json = nlohmann::ordered_json;

/// A mistake that a user can make and mend. `place` is a file, with a line where one is known; `key` is the path inside
/// it ("tenants[0].id"). All but `problem` may be empty.
struct Error {
  Error() = default;
  Error(std::string where, std::string which, std::string what, std::string how)
      : place(std::move(where)), key(std::move(which)), problem(std::move(what)), mend(std::move(how)) {}

  std::string place;
  std::string key;
  std::string problem;
  std::string mend;

  /// "FILE: KEY: PROBLEM; MEND", the empty parts left out.
  std::string text() const;
};

[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

/// Either a value or the Error that a user has to mend.
template <class T>
using Expected = boost::system::result<T, Error>;

/// A value inside a document that knows where it stands. Its readers throw Error, which readDocument turns into a
/// value.
class Node {
 public:
  Node(const Json& value, std::string place, std::string key)
      : value_(&value), place_(std::move(place)), key_(std::move(key)) {}

  const Json& json() const { return *value_; }
  const std::string& place() const { return place_; }
  const std::string& key() const { return key_; }

  /// An unknown key is an error that names the nearest known one.
  void allowOnly(std::initializer_list<std::string_view> keys) const;
  bool has(std::string_view key) const;
  Node at(std::string_view key) const;
  /// Absent, or null in the document: nullopt.
  std::optional<Node> find(std::string_view key) const;

  std::string string() const;
  bool boolean() const;
  std::int64_t integer(std::int64_t least, std::int64_t most) const;
  std::vector<Node> array() const;
  std::vector<std::string> strings() const;
  std::vector<std::pair<std::string, Node>> members() const;

  std::string stringOr(std::string_view key, std::string otherwise) const;
  bool booleanOr(std::string_view key, bool otherwise) const;
  std::vector<std::string> stringsOr(std::string_view key, std::vector<std::string> otherwise) const;

  /// One of the named values; an unknown one is an error that lists them.
  template <class T>
  T choice(std::initializer_list<std::pair<std::string_view, T>> choices) const {
    const std::string word = string();
    std::vector<std::string_view> known;
    for (const auto& [name, value] : choices) {
      if (name == word) return value;
      known.push_back(name);
    }
    failUnknown(word, known);
  }

  [[noreturn]] void fail(std::string problem, std::string mend = {}) const;

 private:
  [[noreturn]] void failUnknown(std::string_view word, const std::vector<std::string_view>& known) const;

  const Json* value_;
  std::string place_;
  std::string key_;
};

/// Parses JSON text. Invalid UTF-8, a repeated key, nesting deeper than 64 and trailing text are errors with their
/// line.
Expected<Json> parseJson(std::string_view text, const std::string& place);

/// The octets of a file, or an Error that says why it cannot be read.
Expected<std::string> readFile(const std::string& path);

/// Parses `text` and hands its root to `read`, whose thrown Error comes back as a value.
template <class Read>
auto readDocument(std::string_view text, const std::string& place, Read&& read)
    -> Expected<decltype(read(std::declval<const Node&>()))> {
  const Expected<Json> document = parseJson(text, place);
  if (!document) return document.error();
  try {
    return read(Node(*document, place, {}));
  } catch (const Error& error) {
    return error;
  }
}

template <class Read>
auto readDocumentFile(const std::string& path, Read&& read) -> Expected<decltype(read(std::declval<const Node&>()))> {
  const Expected<std::string> text = readFile(path);
  if (!text) return text.error();
  return readDocument(*text, path, std::forward<Read>(read));
}

/// Of `known` the word that is likest to `word`, or nothing when none is near.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace relayproof
