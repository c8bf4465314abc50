// What a case needs of a relay: the capabilities that a set-up may declare away ("without").
#pragma once

#include <array>
#include <string_view>

#include "conformance/catalogue/catalogue.h"

namespace relayproof::catalogue {

struct Capability {
  std::string_view name;  ///< as in the set-up; a tag of the same name says it too
  bool (*needed)(const Catalogue& catalogue, const Case& one);
  std::string_view keyword = {};  ///< by which a relay that has it offers it in its answer to EHLO
};

/// All of them.
const std::array<Capability, 13>& capabilities();

/// By the case alone, its twin left aside.
bool needs(const Catalogue& catalogue, const Case& one, const Capability& capability);

}  // namespace relayproof::catalogue
