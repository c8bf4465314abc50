#include <fmt/format.h>
#include <fmt/ranges.h>

#include <csignal>
#include <filesystem>
#include <iostream>

#include "conformance/run/setup.h"
#include "runners/relayproof/command.h"
#include "runners/relayproof/embedded.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {

int listBugs(const std::string& format) {
  if (format == "json") {
    Json bugs = Json::array();
    for (const reference::KnownBug& bug : reference::knownBugs())
      bugs.push_back(Json{{"name", bug.name},
                          {"class", bug.kind},
                          {"wrong", bug.wrong},
                          {"record", bug.record},
                          {"profile", bug.profile},
                          {"caughtBy", bug.caughtBy}});
    std::cout << bugs.dump(2) << "\n";
    return status::kOk;
  }
  for (const reference::KnownBug& bug : reference::knownBugs())
    std::cout << fmt::format("{} ({}): {}\n  record: {}\n  caught by: {}\n", bug.name, bug.kind, bug.wrong, bug.record,
                             fmt::format("{}", fmt::join(bug.caughtBy, ", ")));
  return status::kOk;
}

int listManners() {
  for (const reference::Manner& manner : reference::manners())
    std::cout << fmt::format("{}: {}\n", manner.name, manner.says);
  return status::kOk;
}

/// What is wrong with the file is said, and the tenancy that was there stays.
void reload(reference::Relay& relay, const std::string& file) {
  const auto text = readFile(file);
  const auto problem = text ? relay.reload(*text) : std::optional(reference::Problem{text.error().text()});
  std::cout << (problem ? "not reloaded: " + problem->text : "reloaded " + file) << std::endl;
}

int serveRelay(const Arguments& arguments) {
  if (arguments.has("bugs")) return listBugs(formatOf(arguments));
  if (arguments.has("manners")) return listManners();
  if (!arguments.has("listen")) throw Error("", "--listen", "is missing", "for example --listen 127.0.0.1:2525");
  const run::HostPort where = orThrow(run::parseHostPort(arguments.get("listen"), "--listen"));
  reference::Options options;
  if (arguments.has("profile"))
    options = optionsUnder(orThrow(verdict::findProfile(arguments.get("profile"), shippedProfiles())));
  options.revocationLists = arguments.all("crl");
  options.host = where.host;
  options.port = where.port;
  if (arguments.has("listen-tls"))
    options.otherPort = static_cast<unsigned short>(arguments.integer("listen-tls", 0, 0, 65535));
  if (arguments.has("tenancy")) {
    options.tenancy = orThrow(readFile(arguments.get("tenancy")));
    options.tenancyFolder = std::filesystem::path(arguments.get("tenancy")).parent_path();
  } else {
    options.tenancy = wholePlan(loadCatalogue(arguments)).dump();
  }
  options.nextHop = arguments.get("next-hop");
  options.localHop = arguments.get("local-hop");
  options.bug = arguments.get("bug");
  options.manner = arguments.get("manner");
  options.denyStage = arguments.get("deny-stage", options.denyStage);
  options.denyReply = arguments.get("deny-reply", options.denyReply);
  options.untrusted = arguments.has("refuse-tls") ? "refuseTls" : options.untrusted;
  options.refusal = arguments.get("refuse-tls", options.refusal);

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before the relay's threads begin, so that they inherit it

  const auto relay = startReference(options);
  std::cout << fmt::format("listening on {}:{}\n", options.host, relay->port());
  if (options.otherPort) std::cout << fmt::format("with TLS at once on {}:{}\n", options.host, relay->otherPort());
  std::cout << std::flush;
  for (int signal = SIGHUP; signal == SIGHUP;) {
    sigwait(&signals, &signal);
    if (signal == SIGHUP && arguments.has("tenancy")) reload(*relay, arguments.get("tenancy"));
  }
  return status::kOk;
}

}  // namespace

Command relayCommand() {
  return {
      "relay",
      "the reference relay by itself",
      {{"listen", "HOST:PORT", "port 0 takes a free one; the address is printed"},
       {"listen-tls", "PORT", "of the same host, where TLS begins at once; 0 takes a free one"},
       {"tenancy", "FILE", "a tenancy or plan, read again on SIGHUP; the plan of the whole catalogue when left out"},
       {"next-hop", "HOST:PORT", "where relayed mail goes; nowhere when left out"},
       {"local-hop", "HOST:PORT", "where mail for accepted domains goes; nowhere when left out"},
       {"profile", "NAME|FILE", "behave as it allows: the relay's own way where it may, else the first it allows"},
       {"crl", "FILE", "a list of revoked certificates, PEM or DER; repeatable, read once", true},
       {"deny-stage", "mail|rcpt|data|endOfData", "rcpt when left out"},
       {"deny-reply", "550-5.7.64|policy5xx", "how a denial is said; policy5xx: 554 5.7.1"},
       {"refuse-tls", "alert|421|close",
        "refuse TLS to a bad certificate, and how; without it such a certificate counts as none"},
       {"bug", "NAME", "put one known fault into the relay"},
       {"bugs", "", "list the known faults"},
       {"manner", "NAME", "decide rightly, in another manner"},
       {"manners", "", "list the manners"},
       {"format", "text|json", "of --bugs"}},
      "",
      serveRelay};
}

}  // namespace relayproof
