#include "fuzz/data.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "embedded.h"

namespace relayproof::fuzz {
namespace {

std::vector<verdict::Profile> shippedProfiles() {
  std::vector<verdict::Profile> profiles;
  for (const std::string_view text : embedded::kProfiles)
    profiles.push_back(
        readDocument(text, "profile", [&](const Node& root) { return verdict::readProfile(root, profiles); }).value());
  return profiles;
}

verdict::Profile profileFromEnvironment() {
  const char* named = std::getenv("RELAYPROOF_PROFILE");
  const auto found = verdict::findProfile(named != nullptr ? named : "exo-2017", shippedProfiles());
  if (found) return *found;
  std::fprintf(stderr, "RELAYPROOF_PROFILE: %s\n", found.error().text().c_str());
  std::exit(2);
}

}  // namespace

verdict::Profile profileNamed(const std::string& nameOrFile) {
  return verdict::findProfile(nameOrFile, shippedProfiles()).value();
}

const verdict::Profile& profileInForce() {
  static const verdict::Profile profile = profileFromEnvironment();
  return profile;
}

}  // namespace relayproof::fuzz
