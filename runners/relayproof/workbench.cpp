#include "runners/relayproof/workbench.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <system_error>

#include "conformance/catalogue/lists.h"
#include "conformance/run/run.h"
#include "conformance/run/schedule.h"

namespace relayproof {

std::string corpusFolder() {
  if (const char* named = std::getenv("RELAYPROOF_CORPUS"); named && *named) return named;
  std::error_code error;
  const auto installed =
      std::filesystem::read_symlink("/proc/self/exe", error).parent_path().parent_path() / "share/relayproof/corpus";
  return std::filesystem::is_directory(installed, error) ? installed.string() : RELAYPROOF_CORPUS;
}

catalogue::Catalogue loadCatalogue(const Arguments& arguments) {
  catalogue::Catalogue catalogue = orThrow(catalogue::load(corpusFolder(), arguments.all("cases")));
  if (!arguments.has("cases")) return catalogue;
  // Ours are held against the core by a test; those of a user here, and before anything is asked of a relay.
  const auto faults = catalogue::lint(catalogue, makeMint(0), static_cast<std::int64_t>(now()));
  if (!faults.empty())
    throw Error("", "--cases", fmt::format("holds cases that cannot be judged by\n  {}", fmt::join(faults, "\n  ")),
                "");
  return catalogue;
}

std::string formatOf(const Arguments& arguments) {
  const std::string format = arguments.get("format", "text");
  if (format != "text" && format != "json")
    throw Error("", "--format", "\"" + format + "\" is no format of a list", "known: text, json");
  return format;
}

certs::Mint makeMint(const certs::MintOptions& options, const certs::DomainMap& domains) {
  return orThrow(readDocumentFile(corpusFolder() + "/blueprints/authorities.json", [&](const Node& root) {
    const Json mapped = domains.applied(root.json());
    return certs::Mint(Node(mapped, root.place(), root.key()), options);
  }));
}

certs::Mint makeMint(std::uint64_t seed) { return makeMint(certs::MintOptions{.seed = seed}); }

run::IssuerFiles issuerFiles(const std::string& text) {
  const auto comma = text.find(',');
  if (comma == std::string::npos)
    throw Error("", "--issuer", "\"" + text + "\" is not of the form CERT,KEY", "name two PEM files");
  return {text.substr(0, comma), text.substr(comma + 1)};
}

certs::OwnRoot readIssuer(const run::IssuerFiles& files) {
  const std::string certificate = orThrow(readFile(files.certificate)), key = orThrow(readFile(files.key));
  return orThrow(certs::readOwnRoot(certificate, files.certificate, key, files.key, static_cast<std::int64_t>(now())));
}

// A chain of an ordinary fixture verifies for a client, or everything would be about what the issuer may not do.
void checkIssuer(const certs::Mint& mint) {
  const Json blueprint{{"dns", {"mail.contoso.test"}}};
  const auto chain = mint.issue("ordinary", Node(blueprint, "", "")).chain;
  const certs::ChainFacts facts = certs::verifyChain(chain, mint.trustAnchors(), mint.judgedAt());
  if (!facts.verified)
    throw Error("", "--issuer", "a client's certificate below it does not verify: " + facts.error,
                "give a CA that may issue another for any name");
}

certs::Mint mintOf(const run::Setup& setup, std::uint64_t seed) {
  certs::MintOptions options{.seed = seed};
  if (!setup.crlAddress.empty()) options.unsaid.crlAddress = setup.crlAddress;
  if (!setup.issuer) return makeMint(options, setup.domains);
  const certs::OwnRoot root = readIssuer(*setup.issuer);
  options.root = &root;
  certs::Mint mint = makeMint(options, setup.domains);
  checkIssuer(mint);
  return mint;
}

std::vector<verdict::Profile> shippedProfiles() {
  return orThrow(verdict::loadShippedProfiles(corpusFolder() + "/profiles"));
}

void layPairs(const Arguments& arguments, const std::string& option, std::string_view form, Json& object) {
  if (!object.is_object()) object = Json::object();
  std::set<std::string> said;
  for (const std::string& pair : arguments.all(option)) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos)
      throw Error("", "--" + option, fmt::format("\"{}\" is not of the form {}", pair, form), "");
    const std::string name = pair.substr(0, equals);
    if (!said.insert(name).second)
      throw Error("", "--" + option, fmt::format("names \"{}\" twice", name), "say once what it stands for");
    object[name] = pair.substr(equals + 1);
  }
}

namespace {

// Its bounds are those of the set-up's reader.
double numberOf(const Arguments& arguments, const std::string& option) {
  const std::string text = arguments.get(option);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    throw Error("", "--" + option, fmt::format("\"{}\" is no number", text), "for example 0.5");
  return value;
}

}  // namespace

run::Setup setupFrom(const Arguments& arguments) {
  Json document = Json::object();
  std::string place = "command line";
  if (arguments.has("setup")) {
    place = arguments.get("setup");
    document = orThrow(parseJson(orThrow(readFile(place)), place));
    if (!document.is_object()) throw Error(place, "", "must be an object", "see \"schema\": \"relayproof.setup/1\"");
  }
  const std::set<std::string_view> maps = {"addresses", "recipients", "senders", "domainMap"};
  for (const run::SetupKey& key : run::setupKeys()) {
    const std::string option = run::kebab(key.name);
    if (!arguments.has(option)) continue;
    Json& value = document[std::string(key.name)];
    if (key.placeholder.empty()) {
      value = true;
    } else if (maps.contains(key.name)) {
      layPairs(arguments, option, key.placeholder, value);
    } else if (key.name == "issuer") {
      const run::IssuerFiles files = issuerFiles(arguments.get(option));
      value = {{"certificate", files.certificate}, {"key", files.key}};
    } else if (key.name == "without") {
      value = arguments.list(option);
    } else if (key.name == "timeout") {
      value = arguments.integer(option, 0, 1, 3600);
    } else if (key.name == "settle" || key.name == "rate") {
      value = numberOf(arguments, option);
    } else {
      value = arguments.get(option);
    }
  }
  if (arguments.has("i-operate-this-relay")) document["operated"] = true;
  return run::readSetup(Node(document, place, ""));
}

catalogue::Means meansOf(const run::Setup& setup) {
  const auto has = [&](std::string_view capability) {
    return std::ranges::find(setup.without, capability) == setup.without.end();
  };
  const bool embedded = setup.target.empty();
  // Cases that change the tenancy are played in domains of our own and with all tenants alone.
  const bool reload = (embedded || !setup.reloadCommand.empty()) && !setup.oneTenant && setup.domains.empty();
  return {.otherListener = embedded || !setup.otherTarget.empty(),
          .tls12 = has("tls12"),
          .chunking = has("chunking"),
          .smtpUtf8 = has("smtputf8"),
          .reload = reload,
          .anyRecipient = run::bindingsOf(setup).recipients.empty()};
}

std::vector<const catalogue::Case*> selectFrom(const Arguments& arguments, const catalogue::Catalogue& catalogue,
                                               const run::Setup& setup) {
  catalogue::Selection selection;
  selection.filters = arguments.all("filter");
  selection.excludes = arguments.all("exclude");
  selection.tiers = arguments.list("tier");
  selection.without = setup.without;
  selection.profile = setup.profile;
  return orThrow(catalogue::select(catalogue, selection));
}

namespace {

/// A relay that takes the client's address from us rightly believes one that is forged in the same words.
bool forges(const catalogue::Case& one, session::ClientAddress how) {
  const std::string_view word = how == session::ClientAddress::xclient ? "XCLIENT" : "PROXY ";
  return how != session::ClientAddress::bind && std::any_of(one.steps.begin(), one.steps.end(), [&](const Json& step) {
           return step.contains("send") && step.at("send").dump().find(word) != std::string::npos;
         });
}

/// Why a set-up cannot carry a case by itself.
std::optional<std::string> beyond(const catalogue::Catalogue& catalogue, const catalogue::Case& one,
                                  const run::Setup& setup) {
  const catalogue::Case* twin = catalogue.twinOf(one, setup.profile);
  if (one.otherListener && !setup.target.empty() && setup.otherTarget.empty())
    return "it is held at another port of the relay; otherTarget says which";
  if (setup.implicitTls && (catalogue::needsStartTls(one) || (twin && catalogue::needsStartTls(*twin))))
    return "it needs STARTTLS";
  if (!setup.target.empty() && setup.crlAddress.empty() && one.hasTag("revocation"))
    return "its list of revoked certificates is served nowhere; crlAddress says where to";
  if (one.afterReload && !setup.target.empty() && setup.reloadCommand.empty())
    return "it changes the tenancy; reloadCommand says how";
  if (one.afterReload && (setup.oneTenant || !setup.domains.empty()))
    return "it changes the tenancy, which it does in domains of our own and with all tenants alone";
  if (setup.noData && catalogue::sendsContent(one)) return "it is about what comes behind DATA; noData stops before";
  if (forges(one, setup.clientAddress)) return "it forges an address in the words in which this relay takes ours";
  return std::nullopt;
}

}  // namespace

Workload workloadOf(catalogue::Catalogue catalogue, const std::vector<const catalogue::Case*>& selected,
                    const certs::Mint& mint, const run::Setup& setup) {
  Workload workload{std::move(catalogue), selected, {}, {}};
  workload.controls = run::controlsOf(workload.catalogue, setup.without);
  std::erase_if(workload.selected, [&](const catalogue::Case* one) {
    const auto why = beyond(workload.catalogue, *one, setup);
    if (why) workload.dropped.push_back({one->id, *why});
    return why.has_value();
  });

  const auto profile = orThrow(verdict::findProfile(setup.profile, workload.catalogue.profiles));
  const auto recast = [&](const auto& how) {
    std::vector<const catalogue::Case*> all = workload.selected;
    all.insert(all.end(), workload.controls.begin(), workload.controls.end());
    catalogue::Recast next = how(all);
    const auto left = [&](const std::vector<const catalogue::Case*>& cases) {
      std::vector<const catalogue::Case*> those;
      for (const catalogue::Case* before : cases)
        if (const catalogue::Case* there = next.catalogue.find(before->id)) those.push_back(there);
      return those;
    };
    Workload reduced{{}, left(workload.selected), left(workload.controls), workload.dropped};
    reduced.dropped.insert(reduced.dropped.end(), next.dropped.begin(), next.dropped.end());
    reduced.catalogue = std::move(next.catalogue);
    workload = std::move(reduced);
  };
  const auto at = static_cast<std::int64_t>(now());
  if (!setup.domains.empty() || setup.issuer)
    recast([&](const auto& cases) {
      run::Setup reserved = setup;
      reserved.domains = {};
      const certs::Mint before = makeMint(0);
      const catalogue::Bindings bindings = run::bindingsOf(reserved);
      return catalogue::ofOperator({workload.catalogue, before, bindings}, setup.domains, mint, cases, profile, at);
    });
  if (setup.oneTenant)
    recast([&](const auto& cases) {
      return catalogue::inOneTenant(workload.catalogue, cases, mint, run::bindingsOf(setup), profile, at);
    });
  return workload;
}

Json planOf(const Workload& workload, const certs::Mint& mint, const run::Setup& setup) {
  std::vector<const catalogue::Case*> cases = workload.selected;
  cases.insert(cases.end(), workload.controls.begin(), workload.controls.end());
  Json plan = catalogue::plan(workload.catalogue, cases, mint, run::bindingsOf(setup), setup.profile);
  if (!setup.oneTenant && workload.dropped.empty()) return plan;
  plan["dropped"] = Json::array();
  for (const catalogue::Dropped& dropped : workload.dropped)
    plan["dropped"].push_back({{"id", dropped.id}, {"why", dropped.why}});
  return plan;
}

Json wholePlan(const catalogue::Catalogue& catalogue) {
  std::vector<const catalogue::Case*> all;
  for (const catalogue::Case& one : catalogue.cases) all.push_back(&one);
  return catalogue::plan(catalogue, all, makeMint(0), {}, run::Setup{}.profile);
}

std::unique_ptr<session::Sink> openSink(const std::string& listen, const std::string& key) {
  if (listen.empty()) return nullptr;
  try {
    return std::make_unique<session::Sink>(listen);
  } catch (const std::system_error& error) {
    throw Error("", key, fmt::format("cannot listen on {}: {}", listen, error.what()),
                "name a free port of this machine");
  }
}

std::unique_ptr<session::CrlResponder> openResponder(const run::Setup& setup) {
  if (setup.crlAddress.empty()) return nullptr;
  try {
    return std::make_unique<session::CrlResponder>(setup.crlAddress);
  } catch (const std::system_error& error) {
    throw Error("", "crlAddress", error.what(),
                "name a free port of this machine, at an address that the relay reaches");
  }
}

std::map<std::string, session::CrlPage> crlPages(const catalogue::Catalogue& catalogue, const certs::Mint& mint) {
  using Manner = session::CrlPage::Manner;
  const std::map<std::string_view, Manner> manners = {
      {"whole", Manner::whole}, {"cut", Manner::cut}, {"endlessly", Manner::endlessly}, {"never", Manner::never}};
  std::map<std::string, session::CrlPage> pages;
  for (auto& [path, list] : catalogue::servedLists(catalogue, mint))
    pages.emplace(path, session::CrlPage{manners.at(list.served), list.octets});
  return pages;
}

std::vector<OptionInfo> selectionOptions() {
  return {{"filter", "GLOB", "cases by id or tag:NAME (repeatable)", true},
          {"exclude", "GLOB", "leave these out (repeatable)", true},
          {"tier", "TIERS", "must,should,profile"},
          {"cases", "DIR", "private cases beside ours (repeatable)", true}};
}

std::vector<OptionInfo> setupOptions() {
  std::vector<OptionInfo> options = {{"setup", "FILE", "the set-up of the relay under test (relayproof.setup/1)"},
                                     {"i-operate-this-relay", "", "the same as --operated"}};
  for (const run::SetupKey& key : run::setupKeys()) {
    const bool repeatable = key.placeholder.find('=') != std::string_view::npos || key.name == "without";
    options.push_back({run::kebab(key.name), std::string(key.placeholder), std::string(key.help), repeatable});
  }
  return options;
}

std::vector<OptionInfo> joined(std::initializer_list<std::vector<OptionInfo>> groups) {
  std::vector<OptionInfo> all;
  for (const auto& group : groups) all.insert(all.end(), group.begin(), group.end());
  return all;
}

namespace {

std::string quoted(const std::string& word) {
  const bool plain = std::all_of(word.begin(), word.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("-_./:=@,").find(c) != std::string_view::npos;
  });
  if (plain && !word.empty()) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

}  // namespace

std::string said(const Arguments& arguments, const std::vector<OptionInfo>& options) {
  // Which cases, how it is shown, and what is written: not of a single case that is tried again.
  const std::set<std::string_view> besides = {
      "filter", "exclude", "tier",         "report",           "journal",
      "quiet",  "color",   "expectations", "fail-fast",        "dry-run",
      "keylog", "shard",   "shuffle",      "minimum-coverage", "write-expectations"};
  std::string text;
  for (const OptionInfo& option : options) {
    if (besides.contains(option.name) || !arguments.has(option.name)) continue;
    if (option.placeholder.empty()) text += " --" + option.name;
    for (const std::string& value : arguments.all(option.name))
      text += fmt::format(" --{} {}", option.name, quoted(value));
  }
  return text;
}

std::string asMinted(const Arguments& arguments) {
  return said(
      arguments,
      {{"seed", "N", ""}, {"cases", "DIR", ""}, {"domain-map", "RESERVED=DOMAIN", ""}, {"issuer", "CERT,KEY", ""}});
}

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

std::string rfc3339(double secondsSinceEpoch) {
  const auto seconds = static_cast<std::time_t>(secondsSinceEpoch);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

void writeFile(const std::string& path, const std::function<void(std::ostream&)>& write) {
  errno = 0;
  if (path == "-") {
    write(std::cout);
    std::cout.flush();
    if (!std::cout && errno == EPIPE) {
      // A reader that has seen enough, as in `relayproof list | head`: end as every tool does.
      std::signal(SIGPIPE, SIG_DFL);
      std::raise(SIGPIPE);
    }
    if (!std::cout) throw Error("standard output", "", "cannot be written", "");
    return;
  }
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (file) write(file);
  file.flush();
  if (!file) throw Error(path, "", fmt::format("cannot be written: {}", std::strerror(errno)), "name another file");
}

void writeFile(const std::string& path, const std::string& content) {
  writeFile(path, [&](std::ostream& to) { to << content; });
}

}  // namespace relayproof
