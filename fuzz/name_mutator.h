// Connector patterns, and presented names that are near to them in every way in which matchers are known to go wrong.
#pragma once

#include <string>
#include <string_view>

#include "fuzz/dice.h"

namespace relayproof::fuzz {

/// What the octets of a name are: those of a dNSName, or text in UTF-8.
enum class Alphabet { octets, utf8 };

std::string somePattern(Dice& dice);
/// Right or wrong by at most a few steps.
std::string someName(Dice& dice, std::string_view pattern, Alphabet alphabet);
/// One step.
void mutateName(Dice& dice, std::string& name, std::string_view pattern, Alphabet alphabet);
/// One step that, more often than not, leaves a pattern.
void mutatePattern(Dice& dice, std::string& pattern);

}  // namespace relayproof::fuzz
