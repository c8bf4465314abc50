#include "certs/template.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace relayproof::certs {
namespace {

constexpr int kDeepest = 16;

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string capital(std::string text) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i == 0 || text[i - 1] == '.') text[i] = upper(std::string(1, text[i])).front();
  return text;
}

// Labels of 62 letters and one of what is left, which is never a lone dot.
std::string padded(std::string text, std::size_t size) {
  std::string labels;
  while (labels.size() + text.size() < size) {
    const std::size_t missing = size - labels.size() - text.size();
    labels += std::string(std::min<std::size_t>(missing == 64 ? 61 : 62, missing - 1), 'a') + '.';
  }
  return labels + text;
}

using Function = std::string (*)(std::string);
constexpr std::array<std::pair<std::string_view, Function>, 4> kFunctions{
    {{"upper", upper},
     {"capital", capital},
     {"to253", [](std::string text) { return padded(std::move(text), 253); }},
     {"to254", [](std::string text) { return padded(std::move(text), 254); }}}};

std::vector<std::string_view> keysOf(const Meanings& meanings) {
  std::vector<std::string_view> keys;
  for (const auto& [name, meaning] : meanings) keys.push_back(name);
  return keys;
}

class Expansion {
 public:
  explicit Expansion(const Meanings& meanings) : meanings_(meanings) {}

  Json json(const Node& node, int depth) const {
    if (depth > kDeepest) node.fail("leads back to itself", "let no name stand for itself");
    if (node.json().is_string()) {
      const std::string text = node.string();
      if (const auto name = wholeName(text)) return json(meaning(node, *name), depth + 1);
      return substituted(node, text, depth);
    }
    if (node.json().is_array()) return array(node, depth);
    if (!node.json().is_object()) return node.json();
    Json object = Json::object();
    for (const auto& [key, value] : node.members()) object[key] = json(value, depth);
    return object;
  }

 private:
  // "{NAME}" and nothing else.
  static std::optional<std::string> wholeName(const std::string& text) {
    if (text.size() < 3 || text.front() != '{' || text.find('}') != text.size() - 1 || text == "{n}" ||
        text.find_first_of(":|") != std::string::npos)
      return std::nullopt;
    return text.substr(1, text.size() - 2);
  }

  const Node& meaning(const Node& where, const std::string& name) const {
    const auto found = meanings_.find(name);
    if (found != meanings_.end()) return found->second;
    const auto near = nearest(name, keysOf(meanings_));
    where.fail(fmt::format("{{{}}} stands for nothing", name),
               near ? fmt::format("did you mean {{{}}}?", *near) : "let a value of an axis set it");
  }

  Json array(const Node& node, int depth) const {
    Json all = Json::array();
    for (const Node& each : node.array()) {
      Json value = json(each, depth);
      if (each.json().is_string() && value.is_array())
        for (Json& one : value) all.push_back(std::move(one));
      else
        all.push_back(std::move(value));
    }
    return all;
  }

  std::string substituted(const Node& node, const std::string& text, int depth) const {
    std::string out;
    std::size_t at = 0;
    for (std::size_t open = text.find('{'); open != std::string::npos; open = text.find('{', at)) {
      const std::size_t close = text.find('}', open);
      if (close == std::string::npos) node.fail("has a brace that is not closed", "write {NAME}");
      out += text.substr(at, open - at);
      out += one(node, text.substr(open + 1, close - open - 1), depth);
      at = close + 1;
    }
    return out + text.substr(at);
  }

  // What stands between two braces: NAME, NAME|TEXT or NAME:FUNCTION.
  std::string one(const Node& node, const std::string& inner, int depth) const {
    if (inner == "n") return "{n}";
    const std::size_t end = inner.find_first_of(":|");
    const std::string name = inner.substr(0, end);
    const std::string rest = end == std::string::npos ? "" : inner.substr(end + 1);
    if (end != std::string::npos && inner[end] == '|' && !meanings_.contains(name)) return rest;
    const Json value = json(meaning(node, name), depth + 1);
    if (!value.is_string()) node.fail(fmt::format("{{{}}} is no text", name), "set it to a string");
    const std::string text = value.get<std::string>();
    if (end == std::string::npos || inner[end] == '|') return text;
    for (const auto& [known, function] : kFunctions)
      if (known == rest) return function(text);
    node.fail(fmt::format("there is no function \"{}\"", rest), "known: upper, capital, to253, to254");
  }

  const Meanings& meanings_;
};

}  // namespace

Json expandTemplate(const Node& text, const Meanings& meanings) { return Expansion(meanings).json(text, 0); }

}  // namespace relayproof::certs
