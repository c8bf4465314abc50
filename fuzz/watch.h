// A matcher may end its process, replace it, or stop it, and say nothing. So a fuzz target that asks one runs in a
// process of its own, and the one that was started watches it: what was asked last stands on the slate that both share.
#pragma once

#include "fuzz/slate.h"

namespace relayproof::fuzz {

/// Where the questions are written. Shared with whoever watches, if somebody does.
Slate& slate();

/// Begins this program again as a child with the same arguments, and returns there alone; the parent ends as the child
/// does, or with 77 where the child was asking or had found something. Nobody watches under a debugger or AFL++, nor a
/// child.
void beWatched(char** arguments);

/// True in the child that is begun for one question, the one on the slate: does it show by itself what was found?
bool isAskedAlone();

}  // namespace relayproof::fuzz
