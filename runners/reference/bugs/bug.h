#pragma once

#include "runners/reference/faults.h"
#include "runners/reference/relay.h"

// A known bug: a right relay less one thing. Its file defines one function, which describes it and puts it into the
// hooks of faults.h or decide.h; the build finds it there.
namespace relayproof::reference::bugs {

#define KNOWN_BUG(function) KnownBug function();
#include "known_bugs.inc"
#undef KNOWN_BUG

}  // namespace relayproof::reference::bugs
