#include "conformance/run/run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string_view>
#include <system_error>
#include <thread>

#include "certs/digest.h"
#include "conformance/catalogue/dialogue.h"
#include "conformance/report/render.h"
#include "conformance/result/exit_status.h"
#include "conformance/result/expectations.h"
#include "conformance/run/journal.h"
#include "conformance/run/relay_log.h"
#include "conformance/run/schedule.h"
#include "runners/relayproof/command.h"
#include "runners/relayproof/embedded.h"
#include "runners/relayproof/progress.h"
#include "runners/relayproof/report.h"
#include "runners/relayproof/shell.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {

constexpr int kLongestCommand = 60;       // seconds, for the user's health and restart commands
constexpr double kSessionsASecond = 100;  // for the estimate of a dry run: what common mail servers manage

volatile std::sig_atomic_t interruptedBy = 0;

report::TerminalStyle styleFrom(const Arguments& arguments, bool terminal) {
  const std::string color = arguments.get("color", "auto");
  if (color != "auto" && color != "always" && color != "never")
    throw Error("", "--color", "\"" + color + "\" is unknown", "known: auto, always, never");
  const char* noColor = std::getenv("NO_COLOR");
  report::TerminalStyle style;
  style.color = color == "always" || (color == "auto" && terminal && !(noColor && *noColor));
  style.quiet = arguments.has("quiet");
  return style;
}

/// Better told before the run than after it.
void needWritable(const std::string& path, const std::string& option) {
  if (path == "-") return;
  std::error_code unknown;
  const bool there = std::filesystem::exists(std::filesystem::symlink_status(path, unknown));
  const bool writable = std::ofstream(path, std::ios::app).good();
  if (writable && !there) std::filesystem::remove(path, unknown);
  if (!writable)
    throw Error(path, "", fmt::format("cannot be written: {}", std::strerror(errno)),
                fmt::format("name another file for --{}", option));
}

/// Which part of the cases is run; nullopt: all of them.
struct Shard {
  std::size_t index = 0, count = 1;  ///< index from 0
  std::string text() const { return fmt::format("{}/{}", index + 1, count); }
};

std::optional<std::size_t> wholeNumber(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// --shard I/N, or what a runner of GoogleTests says in the environment.
std::optional<Shard> shardFrom(const Arguments& arguments) {
  if (arguments.has("shard")) {
    const std::string text = arguments.get("shard");
    const std::size_t slash = text.find('/');
    const auto index = wholeNumber(text.substr(0, slash));
    const auto count = slash == std::string::npos ? std::nullopt : wholeNumber(text.substr(slash + 1));
    if (!index || !count || *index < 1 || *index > *count)
      throw Error("", "--shard", fmt::format("\"{}\" is not of the form I/N with I from 1 to N", text),
                  "for example 1/4");
    return Shard{*index - 1, *count};
  }
  const char* total = std::getenv("GTEST_TOTAL_SHARDS");
  const char* index = std::getenv("GTEST_SHARD_INDEX");
  if (!total && !index) return std::nullopt;
  const auto count = wholeNumber(total ? total : ""), place = wholeNumber(index ? index : "");
  if (!count || !place || *place >= *count)
    throw Error("environment", "GTEST_SHARD_INDEX", "is no whole number from 0 to below GTEST_TOTAL_SHARDS",
                "set both, or neither");
  return Shard{*place, *count};
}

/// A file that no other user reads or has laid there before us; it goes with its scope.
class TemporaryFile {
 public:
  TemporaryFile() {
    constexpr int kSuffix = 5;  // ".json", which a command may go by
    path_ = (std::filesystem::temp_directory_path() / "relayproof-plan-XXXXXX.json").string();
    const int file = mkstemps(path_.data(), kSuffix);
    if (file < 0) throw Error(path_, "", fmt::format("cannot be made: {}", std::strerror(errno)), "set TMPDIR");
    close(file);
  }
  ~TemporaryFile() { std::remove(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Why the relay did not take the plan; empty: it did.
std::string runReload(const std::string& command, const Json& plan) {
  const TemporaryFile file;
  writeFile(file.path(), plan.dump(2) + "\n");
  const bool done = runShell(catalogue::filled(command, run::kPlanFile, file.path()), kLongestCommand);
  return done ? std::string() : fmt::format("the command failed or took more than {} s: {}", kLongestCommand, command);
}

/// Mail was passed on, and none of it with a tenant.
bool relaysUnmarked(const result::Report& report) {
  bool any = false;
  for (const result::CaseResult& one : report.results)
    for (const result::Session& session : one.sessions)
      for (const result::Transaction& transaction : session.transactions)
        for (const result::Recipient& recipient : transaction.recipients) {
          if (recipient.observed.tenant) return false;
          any |= recipient.observed.passedOn == "next-hop";
        }
  return any;
}

int runCases(const Arguments& arguments) {
  run::Setup setup = setupFrom(arguments);
  const auto outputs = reportOutputs(arguments);
  const auto seed = static_cast<std::uint64_t>(arguments.integer("seed", 0, 0, INT64_MAX));
  const auto jobs = static_cast<std::size_t>(arguments.integer("jobs", 4, 1, 1000));
  const auto minimumCoverage = static_cast<double>(arguments.integer("minimum-coverage", 60, 0, 100)) / 100;
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  const report::TerminalStyle style = styleFrom(arguments, terminal);
  const double start = now();
  if (arguments.has("setup") && setup.target.empty())
    throw Error(arguments.get("setup"), "target", "is missing",
                "write \"target\": \"HOST:PORT\", or leave --setup out to test the embedded relay");
  if (!setup.target.empty()) orThrow(run::targetOf(setup));
  for (const char* option : {"keylog", "write-expectations"})
    if (arguments.has(option)) needWritable(arguments.get(option), option);
  for (const ReportOutput& output : outputs) needWritable(output.file, "report");

  catalogue::Catalogue loaded = loadCatalogue(arguments);
  catalogue::addGuises(loaded, meansOf(setup));
  if (const auto error = run::unknownName(setup, loaded)) throw *error;
  const bool embedded = setup.target.empty();
  if (embedded && setup.crlAddress.empty()) setup.crlAddress = "127.0.0.1:0";
  const auto responder = openResponder(setup);
  if (responder) setup.crlAddress = responder->address();
  const certs::Mint mint = mintOf(setup, seed);
  const verdict::Profile profile = orThrow(verdict::findProfile(setup.profile, loaded.profiles));
  const auto wanted = selectFrom(arguments, loaded, setup);
  Workload workload = workloadOf(std::move(loaded), wanted, mint, setup);
  const auto& [catalogue, selected, controls, dropped] = workload;
  if (selected.empty()) {
    std::cerr << (dropped.empty() ? "relayproof: no case is selected; relayproof list shows them\n"
                                  : "relayproof: this set-up can carry none of these cases\n");
    return status::kTooLittle;
  }
  std::vector<result::Expectation> expectations;
  if (arguments.has("expectations"))
    expectations = orThrow(result::readExpectations(orThrow(readFile(arguments.get("expectations"))),
                                                    arguments.get("expectations"), rfc3339(start).substr(0, 10)));
  for (const result::Expectation& expectation : expectations)
    if (expectation.profile && *expectation.profile != profile.name)
      if (const auto known = verdict::findProfile(*expectation.profile, catalogue.profiles); !known)
        throw Error(expectation.place, "profile", known.error().problem, known.error().mend);

  const Json plan = planOf(workload, mint, setup);  // of all shards: the relay is set up once
  const std::optional<Shard> shard = shardFrom(arguments);
  if (shard) workload.selected = run::shardOf(catalogue, selected, profile.name, shard->index, shard->count);
  if (arguments.has("dry-run")) {
    const std::size_t sessions = run::schedule(catalogue, selected, controls, profile.name, run::kBatchSize).sessions();
    std::cout << fmt::format("{} cases, {} sessions with twins and controls; about {:.0f} s at {} sessions a second\n",
                             selected.size(), sessions, std::max(1.0, static_cast<double>(sessions) / kSessionsASecond),
                             kSessionsASecond);
    return status::kOk;
  }

  if (responder) responder->serve(crlPages(catalogue, mint));
  if (embedded) {
    if (setup.nextHop.empty()) setup.nextHop = "127.0.0.1:0";
    if (setup.localHop.empty()) setup.localHop = "127.0.0.1:0";
  } else {
    for (const char* option : {"bug", "manner", "refuse-tls"})
      if (arguments.has(option))
        throw Error("", std::string("--") + option, "is for the embedded relay", "leave --target out");
  }
  const auto nextHop = openSink(setup.nextHop, "nextHop");
  const auto localHop = openSink(setup.localHop, "localHop");
  std::unique_ptr<reference::Relay> relay;
  if (embedded) {
    reference::Options options = optionsUnder(profile);
    options.tenancy = plan.dump();
    options.nextHop = nextHop->address();
    options.localHop = localHop->address();
    options.bug = arguments.get("bug");
    options.implicitTls = setup.implicitTls;
    options.otherPort = 0;
    options.manner = arguments.get("manner");
    if (!setup.denyStage.empty()) options.denyStage = setup.denyStage;
    if (arguments.has("refuse-tls")) {
      options.untrusted = "refuseTls";
      options.refusal = arguments.get("refuse-tls");
    }
    relay = startReference(options);
    setup.target = fmt::format("127.0.0.1:{}", relay->port());
    setup.otherTarget = fmt::format("127.0.0.1:{}", relay->otherPort());
  }

  run::Request request{catalogue, mint,    orThrow(readDocument(plan.dump(), "plan", verdict::readTenancy)),
                       profile,   setup,   orThrow(run::targetOf(setup)),
                       selected,  controls};
  request.jobs = jobs;
  request.seed = seed;
  request.strict = arguments.has("strict");
  request.failFast = arguments.has("fail-fast");
  request.shuffle = arguments.has("shuffle");
  request.command += said(arguments, runCommand().options);
  request.asMinted = asMinted(arguments);
  request.target.keylogFile = arguments.get("keylog");

  result::Report head;
  head.version = RELAYPROOF_VERSION;
  head.catalogue = catalogue.digest;
  head.plan = "sha256:" + certs::hex(certs::digest(certs::Hash::sha256, {plan.dump()}));
  head.profile = profile.name;
  head.seed = seed;
  if (shard) head.shard = shard->text();
  head.inForce = profile.allowed;
  head.startedAt = rfc3339(start);
  head.target.address = setup.target;
  head.selected = static_cast<int>(selected.size() + controls.size());
  head.passingOnSeen = nextHop || localHop;
  std::optional<run::Journal> journal;
  if (arguments.has("journal")) journal = orThrow(run::Journal::create(arguments.get("journal"), head));

  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int number) { interruptedBy = number; });
  Progress progress(selected.size() + controls.size(), style, terminal);
  run::Surroundings surroundings;
  surroundings.now = now;
  surroundings.sleep = [](double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); };
  surroundings.stop = [] { return interruptedBy != 0; };
  surroundings.finished = [&](const result::CaseResult& judged) {
    result::Report alone;
    alone.profile = profile.name;
    alone.results = {judged};
    if (const auto error = result::apply(expectations, alone, false)) throw *error;
    const result::CaseResult& one = alone.results.front();
    progress.finished(one, now());
    if (journal && !journal->append(one))
      throw Error(arguments.get("journal"), "--journal", "cannot be written: is the disk full?", "");
  };
  std::optional<run::LogFile> log;
  if (!setup.relayLog.empty()) {
    log.emplace(setup.relayLog);
    surroundings.newLog = [&log] { return log->grown(); };
  }
  if (!setup.healthCommand.empty())
    surroundings.healthy = [&setup] { return runShell(setup.healthCommand, kLongestCommand); };
  if (!setup.restartCommand.empty())
    surroundings.restart = [&setup] { return runShell(setup.restartCommand, kLongestCommand); };
  const Json then = catalogue::planThen(catalogue, plan, run::bindingsOf(setup));
  if (embedded)
    surroundings.reload = [&](bool changed) {
      const auto problem = relay->reload((changed ? then : plan).dump());
      return problem ? problem->text : std::string();
    };
  else if (!setup.reloadCommand.empty())
    surroundings.reload = [&](bool changed) { return runReload(setup.reloadCommand, changed ? then : plan); };
  surroundings.nextHop = nextHop.get();
  surroundings.localHop = localHop.get();
  if (!nextHop && !localHop && !style.quiet)
    std::cout << "No sink watches: what the relay passes on is not seen (--next-hop, --local-hop).\n";

  if (!dropped.empty() && !style.quiet)
    std::cout << fmt::format("{} cases are left out, for this set-up cannot carry them; relayproof plan names them.\n",
                             dropped.size());

  result::Report report = run::run(request, surroundings, head);
  progress.clear();
  const bool namesLists = std::any_of(selected.begin(), selected.end(), [](const catalogue::Case* one) {
    return one->hasTag("revocation") && one->fixture;
  });
  if (responder && namesLists && responder->asked() == 0 && !style.quiet)
    std::cout << fmt::format(
        "No list of revoked certificates was asked for at {}: the relay fetches none, or does not get there.\n",
        responder->address());
  if (!setup.tenantHeader.empty() && !style.quiet && relaysUnmarked(report))
    std::cout << fmt::format(
        "No mail that the relay passed on names a tenant in {}, so that for whom it relays was not judged.\n",
        setup.tenantHeader);
  if (const auto error = result::apply(expectations, report, !report.halted && !shard)) throw *error;
  if (arguments.has("write-expectations"))
    writeFile(arguments.get("write-expectations"),
              result::dump(result::expectationsOf(report, expectations), 2) + "\n");
  const auto unwritten = writeReports(report, outputs);
  writeFile("-", report::summaryText(report, style));
  if (unwritten) throw *unwritten;
  return result::exitStatus(report, minimumCoverage);
}

}  // namespace

Command runCommand() {
  return {"run", "the conformance run; without --target against the embedded reference relay",
          joined({selectionOptions(),
                  {{"strict", "", "a denial is 550 5.7.64 and nothing else"},
                   {"jobs", "N", "sessions at once; 4 when left out"},
                   {"seed", "N", "the seed of certificates and tokens"},
                   {"shard", "I/N", "the I-th of N parts; report merge makes one of their reports"},
                   {"shuffle", "", "another order of the cases, by --seed"},
                   {"fail-fast", "", "stop at the first failure; mail that is lost shows at the end alone"},
                   {"dry-run", "", "say how many sessions a run takes, and stop"},
                   {"journal", "FILE", "a line a finished case, flushed"},
                   {"keylog", "FILE", "TLS secrets, for a packet capture to be read by"},
                   {"expectations", "FILE", "known failures with their reasons"},
                   {"write-expectations", "FILE", "write the failures of this run as expectations"},
                   {"minimum-coverage", "PERCENT", "judged of selected; 60 when left out"},
                   {"report", "FORMAT:FILE", "json, junit, tap, markdown, html or sarif (repeatable)", true},
                   {"bug", "NAME", "put a known fault into the embedded relay"},
                   {"manner", "NAME", "let the embedded relay do right in another manner (relay --manners)"},
                   {"refuse-tls", "alert|421|close", "the embedded relay refuses TLS to a bad certificate"},
                   {"quiet", "", "failures and the summary alone"},
                   {"color", "auto|always|never", "auto when left out; NO_COLOR is honoured"}},
                  setupOptions()}),
          "", runCases};
}

}  // namespace relayproof
