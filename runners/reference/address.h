#pragma once

#include <string>
#include <string_view>
#include <variant>

// Mail addresses as they stand in MAIL and RCPT (RFC 5321 4.1.2). The local part is opaque, a source route is dropped.
namespace relayproof::reference {

struct Path {
  std::string text;    // the mailbox as it was written, without the source route; empty for `<>`
  std::string domain;  // what follows the last unquoted `@`, folded; empty for `<>`, a literal, a bare postmaster
  std::string route;   // the source route as it was written, without the colon
  bool isNull() const { return text.empty(); }
};

// The arguments behind the closing bracket, without the space before them.
struct PathAndArguments {
  Path path;
  std::string_view arguments;
};

struct BadPath {
  std::string reply;  // the whole reply, without CRLF
};

enum class PathOf { sender, recipient };

// Reads what follows `FROM:` or `TO:`. `<>` is a sender's alone; `<Postmaster>`, in any case, a recipient's alone.
// Errors: 501 5.1.7 (sender) or 5.1.3 (recipient), 501 5.5.4 for what sticks to the bracket, 553 5.6.7 for octets
// that would need SMTPUTF8 (RFC 6531 3.5). The arguments point into `text`.
std::variant<PathAndArguments, BadPath> parsePath(std::string_view text, PathOf of);

bool isBarePostmaster(const Path& path);

}  // namespace relayproof::reference
