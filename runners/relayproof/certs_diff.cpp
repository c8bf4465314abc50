#include <fmt/format.h>

#include <map>
#include <set>

#include "runners/relayproof/certs_actions.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {

constexpr std::string_view kSchema = "relayproof.fixtures/1";
// What another seed changes, and where a set happens to lie.
const std::set<std::string> kBesides = {"id", "files", "sha256"};

using Manifest = std::map<std::string, Json>;  // by id

Manifest manifestOf(const std::string& folder) {
  const std::string file = folder + "/manifest.json";
  return orThrow(readDocument(orThrow(readFile(file)), file, [&](const Node& root) {
    if (const Node schema = root.at("schema"); schema.string() != kSchema)
      schema.fail("is \"" + schema.string() + "\"", fmt::format("name a folder of {}", kSchema));
    Manifest manifest;
    for (const Node& certificate : root.at("certificates").array())
      if (!manifest.emplace(certificate.at("id").string(), certificate.json()).second)
        certificate.at("id").fail("stands twice", "mint the set again");
    return manifest;
  }));
}

std::string difference(const Json& before, const Json& after) {
  std::set<std::string> keys;
  for (const Json* side : {&before, &after})
    for (const auto& [key, value] : side->items())
      if (!kBesides.contains(key)) keys.insert(key);
  std::string text;
  for (const std::string& key : keys) {
    const Json was = before.value(key, Json()), is = after.value(key, Json());
    const auto shown = [](const Json& value) { return value.dump(-1, ' ', true, Json::error_handler_t::replace); };
    if (was != is) text += fmt::format("  {}: {} -> {}\n", key, shown(was), shown(is));
  }
  return text;
}

}  // namespace

int diffSets(const std::vector<std::string>& folders) {
  if (folders.size() != 2)
    throw Error("", "certs diff", fmt::format("takes two folders and not {}", folders.size()),
                "name an earlier set and a later one");
  const Manifest before = manifestOf(folders[0]), after = manifestOf(folders[1]);
  std::string text;
  for (const auto& [id, certificate] : before)
    if (!after.contains(id)) text += fmt::format("{}\n  only in {}\n", id, folders[0]);
  for (const auto& [id, certificate] : after) {
    const auto earlier = before.find(id);
    if (earlier == before.end())
      text += fmt::format("{}\n  only in {}\n", id, folders[1]);
    else if (const std::string changed = difference(earlier->second, certificate); !changed.empty())
      text += id + "\n" + changed;
  }
  writeFile("-", text);
  return text.empty() ? status::kOk : status::kNotConforming;
}

}  // namespace relayproof
