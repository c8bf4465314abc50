// How a person sees a case by hand, with public tools alone.
#pragma once

#include <string>
#include <vector>

#include "conformance/catalogue/case.h"
#include "conformance/run/setup.h"
#include "conformance/wire/step.h"

namespace relayproof::run {

/// A shell command: printf into `openssl s_client`, or into a bash /dev/tcp connection where there is no TLS. The
/// fixture is minted into a folder of its own; `asMinted` holds the options that this takes beside (" --seed 5"). What
/// no such tool does, such as octets in the clear before a handshake or an address told in words, is the run of this
/// one case.
std::string reproduceCommand(const catalogue::Case& one, const std::vector<wire::Step>& steps,
                             const std::vector<wire::Transaction>& transactions, const Setup& setup,
                             const std::string& source, const std::string& asMinted = {});

}  // namespace relayproof::run
