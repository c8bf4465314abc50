// What the tests of this folder share: a mint over the shipped authorities and a blueprint as one literal.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "certs/fixture_set.h"
#include "certs/mint.h"

namespace relayproof::certs {

inline constexpr std::int64_t kTestTime = 1'767'225'600;  // 2026-01-01T00:00:00Z

inline Mint mintOf(std::uint64_t seed = 0) {
  auto mint = readDocumentFile(RELAYPROOF_SOURCE_DIR "/corpus/blueprints/authorities.json",
                               [&](const Node& root) { return Mint(root, seed); });
  if (!mint) throw std::runtime_error(mint.error().text());
  return std::move(*mint);
}

inline Expected<Fixture> tryIssue(const Mint& mint, const std::string& id, std::string_view blueprint) {
  return readDocument(blueprint, "blueprint.json", [&](const Node& node) { return mint.issue(id, node); });
}

inline Fixture issue(const Mint& mint, const std::string& id, std::string_view blueprint) {
  auto fixture = tryIssue(mint, id, blueprint);
  if (!fixture) throw std::runtime_error(fixture.error().text());
  return std::move(*fixture);
}

inline const Mint& sharedMint() {
  static const Mint mint = mintOf();
  return mint;
}

inline Fixture issue(std::string_view blueprint) { return issue(sharedMint(), "test", blueprint); }

inline FixtureSet shippedSet(const std::string& name) {
  auto set = readDocumentFile(RELAYPROOF_SOURCE_DIR "/corpus/blueprints/" + name + ".json", readSet);
  if (!set) throw std::runtime_error(set.error().text());
  return std::move(*set);
}

/// Every file of a set in memory.
inline std::vector<SetFile> filesOf(const FixtureSet& set, const Mint& mint, bool withPkcs12) {
  SetMaker maker(set, mint, withPkcs12, {});
  std::vector<SetFile> files;
  SetFile manifest{"manifest.json", "", false};
  SetFile readme{"README.md", "", false};
  const auto add = [&](SetPart part) {
    manifest.octets += part.manifest;
    readme.octets += part.readme;
    for (SetFile& file : part.files) files.push_back(std::move(file));
  };
  add(maker.head());
  for (std::size_t i = 0; i < set.entries.size(); ++i) add(maker.fixture(i));
  add(maker.tail());
  files.push_back(std::move(manifest));
  files.push_back(std::move(readme));
  return files;
}

}  // namespace relayproof::certs
