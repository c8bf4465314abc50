// The shape of a blueprint: what is left of it when the text of its labels is taken away. Two fixtures of one shape
// differ in nothing but words, and one of them is padding.
//
// In each text of a name, label by label:
// - a label of a connector stays as it is, and so does its text inside a longer label ("evilmail" is "a<mail>"): how a
//   name stands to the patterns is no mere wording. One that differs from such a label in one octet, or lacks its last,
//   says so.
// - of all else a run of small letters becomes "a" and one of digits "9"; every other octet stays;
// - capitals become small letters and leave a mark, for all of them or for the first;
// - a label of 1, of 63 or of more octets says how long it is, and so does a name of 253 octets or more.
// Object identifiers, octets in hexadecimal, numbers and whatever else of a blueprint is no name stay as they are.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "certs/fixture_set.h"

namespace relayproof::certs {

inline std::vector<std::string> labelsOf(std::string_view text) {
  std::vector<std::string> labels;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t dot = std::min(text.find('.', at), text.size());
    labels.emplace_back(text.substr(at, dot - at));
    at = dot + 1;
  }
  return labels;
}

class Shape {
 public:
  explicit Shape(const Json& tenancy) {
    if (tenancy.is_object())
      for (const Json& tenant : tenancy["tenants"])
        for (const Json& connector : tenant["inboundConnectors"])
          for (std::string& label : labelsOf(connector["tlsSenderCertificateName"].get<std::string>()))
            if (label != "*") known_.insert(std::move(label));
  }

  std::string of(const SetEntry& entry) const { return value(entry.blueprint).dump(); }

  std::string text(std::string_view name) const {
    std::string shape;
    for (const std::string& each : labelsOf(name)) shape += label(each) + '.';
    shape.pop_back();
    return name.size() >= 253 ? fmt::format("{}#{}", shape, name.size()) : shape;
  }

 private:
  Json value(const Json& node) const {
    if (node.is_string()) return text(node.get<std::string>());
    if (node.is_array()) {
      Json all = Json::array();
      for (const Json& each : node) all.push_back(value(each));
      return all;
    }
    if (!node.is_object()) return node;
    static const std::set<std::string> verbatim{"oid",     "registered", "hex", "tag",    "length",
                                                "sanForm", "keyOf",      "key", "issuer", "signature"};
    Json object = Json::object();
    for (const auto& [key, each] : node.items()) object[key] = verbatim.contains(key) ? each : value(each);
    return object;
  }

  static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

  std::string label(std::string written) const {
    const auto capitals = std::count_if(written.begin(), written.end(), [](char c) { return lower(c) != c; });
    std::transform(written.begin(), written.end(), written.begin(), lower);
    const std::string mark = capitals == 0 ? "" : capitals == 1 ? "^1" : "^";
    if (known_.contains(written)) return fmt::format("<{}>{}", written, mark);
    for (const std::string& each : known_) {
      if (written == each.substr(0, each.size() - 1)) return fmt::format("<{} less its end>{}", each, mark);
      if (oneOff(written, each)) return fmt::format("<{} but for an octet>{}", each, mark);
    }
    const bool long_ = written.size() == 1 || written.size() >= 63;
    return classes(written) + mark + (long_ ? fmt::format("#{}", written.size()) : "");
  }

  static bool oneOff(std::string_view written, std::string_view other) {
    if (written.size() != other.size() || other.size() < 4) return false;
    int differ = 0;
    for (std::size_t i = 0; i < other.size(); ++i) differ += written[i] == other[i] ? 0 : 1;
    return differ == 1;
  }

  std::string classes(std::string_view written) const {
    std::string shape;
    if (written.starts_with("xn--")) {
      shape = "xn--";
      written.remove_prefix(4);
    }
    while (!written.empty()) {
      std::string_view inside;
      for (const std::string& each : known_)
        if (each.size() >= 4 && written.starts_with(each) && each.size() > inside.size()) inside = each;
      if (!inside.empty()) {
        shape += fmt::format("<{}>", inside);
        written.remove_prefix(inside.size());
        continue;
      }
      const char c = written.front();
      const char run = c >= 'a' && c <= 'z' ? 'a' : c >= '0' && c <= '9' ? '9' : '\0';
      if (run == '\0')
        shape += c;
      else if (!shape.ends_with(run))
        shape += run;
      written.remove_prefix(1);
    }
    return shape;
  }

  std::set<std::string> known_;
};

/// A line for each fixture whose shape another one of the set has already.
inline std::vector<std::string> padding(const FixtureSet& set) {
  const Shape shape(set.tenancy);
  std::map<std::string, std::string> seen;
  std::vector<std::string> faults;
  for (const SetEntry& entry : set.entries) {
    const auto [first, fresh] = seen.emplace(shape.of(entry), entry.id);
    if (!fresh) faults.push_back(fmt::format("{} differs from {} in words alone", entry.id, first->second));
  }
  return faults;
}

}  // namespace relayproof::certs
