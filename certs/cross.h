// A cross of a set: fixtures that are not written one by one but made from axes, such as where a name stands, its
// string type and its form. A cross is an object with these keys:
//
//   id           text before the values in each id, as in nul.LEADING.DNS; left out: nothing
//   axes         {AXIS: {VALUE: {"why": PHRASE, "sources": […], "set": {NAME: TEMPLATE}}}}
//   take         array of {AXIS: [GLOB, …]}: each entry takes every combination of the values that its globs match; an
//                axis that it leaves out is taken whole, and so is everything where there is no take
//   except       array of {AXIS: [GLOB, …], "because": REASON}: combinations in which the axes contradict each other
//   why          the sentence, {AXIS} standing for the phrase of the value taken
//   sources      those of every fixture, before those of its values
//   certificate  TEMPLATE of the blueprint
//
// An id is the values, joined by dots in the order of the axes. A TEMPLATE is JSON in whose strings {NAME} stands for
// what the values taken set under that name, templates again. A string that is nothing but {NAME} becomes that JSON,
// and as an element of an array an array is spliced in. {NAME|TEXT} is TEXT where no value sets the name. {NAME:upper}
// puts ASCII into capitals, {NAME:capital} the first letter of each label, and {NAME:to253} and {NAME:to254} put labels
// before a name until it is that long. {n} is left alone: it belongs to "many".
#pragma once

#include <vector>

#include "certs/document.h"
#include "certs/fixture_set.h"

namespace relayproof::certs {

/// Appends the entries of a cross. Throws Error; a glob that matches no value and an exception that excepts nothing are
/// mistakes too.
void expandCross(const Node& cross, std::vector<SetEntry>& into);

}  // namespace relayproof::certs
