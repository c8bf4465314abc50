#pragma once

#include "runners/reference/faults.h"
#include "runners/reference/relay.h"

// A known bug: a right relay less one thing. Its file NAME.cpp defines one function that describes it and puts it into
// the hooks of faults.h or decide.h; list.inc names the function.
namespace relayproof::reference::bugs {

#define KNOWN_BUG(function) KnownBug function();
#include "runners/reference/bugs/list.inc"
#undef KNOWN_BUG

}  // namespace relayproof::reference::bugs
