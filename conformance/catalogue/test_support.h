// A corpus of a few cases in a folder of its own, for tests.
#pragma once

#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "conformance/catalogue/catalogue.h"

namespace relayproof::catalogue::test {

inline constexpr std::int64_t kTime = 1'767'225'600;  // 2026-01-01

inline std::string corpusFolder() { return RELAYPROOF_SOURCE_DIR "/corpus"; }

/// One family that shows every way to relay, and is in order by the lint.
inline Json smallFamily() {
  return Json::parse(R"({
  "$schema": "../schema/cases.schema.json",
  "family": "small",
  "title": "A small family",
  "tenants": [{"id": "little", "acceptedDomains": [{"name": "mail.small.test"}, {"name": "small.test"}],
    "inboundConnectors": [{"name": "certificate", "tlsSenderCertificateName": "mail.small.test"},
                          {"name": "address", "senderIPAddresses": ["{small-gateway}"]}]}],
  "addresses": {"small-gateway": "127.0.99.5"},
  "defaults": {"certificate": {"dns": ["mail.small.test"]}, "sources": ["rule"], "tags": ["dns-id"], "since": "0.1"},
  "cases": {
    "exact": {"why": "The right name.", "expect": {"all": ["relay 3b"]}},
    "other-name": {"why": "Another name.", "certificate": {"dns": ["other.small.test"]},
      "expect": {"all": ["deny"]}, "twin": "exact"},
    "unknown-authority": {"why": "Anyone's authority.", "certificate": {"issuer": "unknown-intermediate"},
      "expect": {"all": ["deny", "refuse-tls"]}, "twin": "exact"},
    "by-address": {"why": "The address with a registered sender.", "certificate": null, "address": "small-gateway",
      "sender": "local:little", "expect": {"all": ["relay little 3a"]}},
    "local": {"why": "Mail for the organisation.", "certificate": null, "recipients": ["local:little", "postmaster"],
      "expect": {"all": {"local:little": ["deliver"], "postmaster": ["deliver none"]}}},
    "nothing": {"why": "The negative control.", "certificate": null, "tags": ["control"],
      "expect": {"all": ["deny"]}}
  }
})");
}

class Corpus {
 public:
  Corpus() {
    static std::atomic<int> count = 0;
    folder_ = std::filesystem::temp_directory_path() /
              ("relayproof-catalogue-" + std::to_string(getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(folder_ / "cases");
    std::filesystem::create_directory_symlink(corpusFolder() + "/profiles", folder_ / "profiles");
    write("sources.json", R"({"schema": "relayproof.sources/1", "sources": {
      "rule": {"document": "The rule", "kind": "documented", "level": "must", "rules": ["3b"], "says": "So."},
      "advice": {"document": "The rule", "kind": "standard", "level": "should", "says": "Rather so."}}})");
  }
  explicit Corpus(const Json& family) : Corpus() { add(family); }
  ~Corpus() { std::filesystem::remove_all(folder_); }
  Corpus(const Corpus&) = delete;
  Corpus& operator=(const Corpus&) = delete;

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  void add(const Json& family) const {
    write("cases/" + family.at("family").get<std::string>() + ".json", family.dump(1));
  }

  Expected<Catalogue> load(const std::vector<std::string>& more = {}) const {
    return catalogue::load(folder_.string(), more);
  }
  Catalogue loaded() const { return load().value(); }
  /// The loader's error, the folder's name left out; empty when it finds none.
  std::string error() const {
    const auto result = load();
    if (result) return {};
    std::string text = result.error().text();
    for (std::size_t at; (at = text.find(folder_.string() + "/")) != std::string::npos;)
      text.erase(at, folder_.string().size() + 1);
    return text;
  }
  std::string folder() const { return folder_.string(); }

 private:
  std::filesystem::path folder_;
};

/// The mint of the shipped authorities.
inline certs::Mint shippedMint() {
  std::unique_ptr<certs::Mint> mint;
  const auto read = readDocumentFile(corpusFolder() + "/blueprints/authorities.json", [&](const Node& root) {
    mint = std::make_unique<certs::Mint>(root, 0);
    return true;
  });
  read.value();
  return std::move(*mint);
}

}  // namespace relayproof::catalogue::test
