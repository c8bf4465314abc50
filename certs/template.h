// Templates of a cross (certs/cross.h): JSON in whose strings {NAME} stands for something else.
#pragma once

#include <map>
#include <string>

#include "certs/document.h"

namespace relayproof::certs {

/// What the names of a template stand for: templates again, each with the place where it is written.
using Meanings = std::map<std::string, Node, std::less<>>;

/// Throws Error for a name that means nothing, or leads back to itself.
Json expandTemplate(const Node& text, const Meanings& meanings);

}  // namespace relayproof::certs
