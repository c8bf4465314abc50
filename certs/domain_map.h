// Other domains in the place of the reserved ones that the corpus is written with, for a relay that can only be given
// domains of its operator's: {"contoso.test": "lab.example"}.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certs/document.h"

namespace relayproof::certs {

class DomainMap {
 public:
  DomainMap() = default;
  /// Throws Error for what is no domain, and for new domains of which one holds another.
  explicit DomainMap(const Node& node);

  bool empty() const { return pairs_.empty(); }
  /// As it was read.
  Json json() const;

  /// A domain that none of the documents names, or a new one that they name already.
  std::optional<Error> faultIn(const std::vector<const Json*>& documents) const;

  /// Every text of a document with its domains mapped, in whatever case, below, before and within other text. Where
  /// the domain ends at an octet at which software cuts names (32, 64, 128, 253 and beyond), the longest label before
  /// it makes up for the difference.
  Json applied(const Json& document) const;

  /// Why a blueprint is no longer what it was before `applied`: a text that only resembles the domain, a length that is
  /// another, octets that are written out. nullopt: it is what it was.
  std::optional<std::string> broken(const Json& before, const Json& after) const;

 private:
  struct Pair {
    std::string from;
    std::string to;
    std::string place;
    std::string key;
  };
  struct Hit {
    const Pair* pair;
    std::size_t at;
  };

  std::optional<Hit> next(std::string_view lower, std::size_t from) const;
  std::string mapped(const std::string& text) const;
  std::optional<std::string> brokenText(const std::string& before, const std::string& after) const;
  std::optional<std::string> resembled(const std::string& text) const;

  std::vector<Pair> pairs_;
};

}  // namespace relayproof::certs
