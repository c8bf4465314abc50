#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "certs/describe.h"
#include "certs/manifest.h"
#include "runners/relayproof/command.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {}  // namespace
}  // namespace relayproof
