#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "certs/describe.h"
#include "conformance/run/reproduce.h"
#include "runners/reference/relay.h"
#include "runners/relayproof/command.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {

std::string indented(const std::string& text) {
  std::string result = "  ";
  for (const char c : text) {
    result += c;
    if (c == '\n') result += "  ";
  }
  while (result.ends_with(' ') || result.ends_with('\n')) result.pop_back();
  return result + "\n";
}

std::string answersText(const verdict::Acceptable& acceptable) {
  std::vector<std::string> answers;
  for (const verdict::Decision& decision : acceptable.answers) {
    std::string answer(verdict::name(decision.verdict));
    if (decision.tenant) answer += " for " + *decision.tenant;
    for (const verdict::Basis basis : decision.basis) answer += fmt::format(" {}", verdict::name(basis));
    answers.push_back(answer);
  }
  return fmt::format("{}", fmt::join(answers, " or "));
}

std::string dialogueText(const catalogue::Case& one, const std::vector<wire::Transaction>& transactions) {
  std::string text;
  if (one.otherListener) text = "at the relay's other port (otherTarget)\n";
  if (!one.steps.empty()) {
    for (const Json& step : one.steps) text += step.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
    return text;
  }
  text += one.tls == "none" ? "EHLO, no TLS" : one.otherListener ? "TLS, EHLO" : "EHLO, STARTTLS, EHLO";
  for (const wire::Transaction& transaction : transactions) {
    text += fmt::format("\nMAIL FROM:<{}>{}{}", certs::escaped(transaction.mailFrom), transaction.mailParameters,
                        !transaction.extended ? ""
                        : transaction.smtpUtf8IfOffered
                            ? " with SIZE, BODY and SMTPUTF8, in a group, where they are offered"
                            : " with SIZE and BODY, in a group, where they are offered");
    for (const std::string& recipient : transaction.recipients)
      text += fmt::format("\nRCPT TO:<{}>{}", certs::escaped(recipient), transaction.recipientParameters);
    text += transaction.bdat            ? "\nBDAT, message"
            : transaction.bdatIfOffered ? "\nBDAT where it is offered, else DATA, message"
                                        : "\nDATA, message";
  }
  return text;
}

std::string explained(const catalogue::Catalogue& catalogue, const catalogue::Case& one, const certs::Mint& mint,
                      const run::Setup& setup, const std::string& asMinted) {
  const catalogue::Bindings bindings = run::bindingsOf(setup);
  const std::string token = "rp-example";
  const auto transactions = catalogue::transactionsOf(one, catalogue, bindings, token);
  const Json plan = catalogue::plan(catalogue, {&one}, mint, bindings, setup.profile);
  const verdict::Tenancy tenancy = orThrow(readDocument(plan.dump(), "plan", verdict::readTenancy));
  const auto at = static_cast<std::int64_t>(now());

  std::string text = fmt::format("{}  {}\n\n{}\n\n", one.id, one.title, one.why);
  text += "Sources\n";
  for (const std::string& id : one.sources) {
    const auto source = catalogue.sources.find(id);
    if (source == catalogue.sources.end()) continue;
    text += indented(fmt::format("{} {} [{}]: {}", source->second.document, source->second.section, source->second.kind,
                                 source->second.says));
  }

  text += "\nCertificate\n";
  const auto fixture = catalogue::fixtureOf(one, mint, at);
  if (fixture) {
    text += indented("deviation: " + one.blueprint.dump(-1, ' ', true, Json::error_handler_t::replace));
    const Json nothing = Json::object();
    const certs::Fixture plain = mint.issue(fixture->id, Node(nothing, {}, {}));
    text += indented(orThrow(certs::describeDeviation(fixture->leaf, plain.leaf)));
    if (one.period)
      text += indented(fmt::format("made for each session: valid from {} to {} s after its beginning", one.period->from,
                                   one.period->until));
    if (!one.proof.empty())
      text += indented(one.proof == "empty" ? "its key signs nothing: the signature in CertificateVerify is empty"
                                            : "its key signs something else than this handshake");
    if (!fixture->ownKey) text += indented("its private key is another one's: the handshake must fail");
  } else {
    text += indented("none is presented");
  }

  if (one.earlier) {
    text += fmt::format("\nCertificate of the handshake before ({}{})\n", one.earlier->by,
                        one.earlier->lifetime ? fmt::format("; both expire {} s later, before the second handshake",
                                                            *one.earlier->lifetime)
                                              : "");
    text += one.earlier->fixture ? indented(one.earlier->blueprint.dump(-1, ' ', true, Json::error_handler_t::replace))
                                 : indented("none is presented");
  }

  if (one.beside) {
    const std::string from = catalogue::clientAddress(catalogue, bindings, one.beside->address);
    text += fmt::format("\nCertificate of the session beside, from {} ({})\n", one.beside->address, from);
    text += indented(one.beside->fixture ? one.beside->blueprint.dump(-1, ' ', true, Json::error_handler_t::replace)
                                         : "none is presented");
  }

  text += "\nTenancy (the part that matters)\n";
  for (const Json& tenant : plan["tenants"]) {
    const std::string id = tenant["id"];
    const bool named = std::any_of(one.expect.begin(), one.expect.end(), [&](const auto& profile) {
      for (const auto& t : profile.second)
        for (const auto& r : t)
          for (const auto& a : r)
            if (a.tenant == id) return true;
      return false;
    });
    if (named || id.find("control") == std::string::npos) text += indented(tenant.dump());
  }

  const std::string address = catalogue::clientAddress(catalogue, bindings, one.address);
  text += fmt::format("\nDialogue from {} ({})\n", one.address, address);
  text += indented(dialogueText(one, transactions));

  text += "\nVerdict\n";
  certs::ChainVerifier verifier(mint.trustAnchors());
  const catalogue::Peers peers = catalogue::peersOf(one, fixture, catalogue, mint, verifier, bindings, at);
  for (const verdict::Profile& profile : catalogue.profiles) {
    const catalogue::Judged judged = catalogue::compute(catalogue, one, peers, tenancy, bindings, profile);
    text += fmt::format("  {} ({}{})\n", profile.name, judged.tier,
                        judged.hangsOn.empty() ? "" : fmt::format("; hangs on {}", fmt::join(judged.hangsOn, ", ")));
    for (std::size_t t = 0; t < judged.acceptable.size() && t < transactions.size(); ++t)
      for (std::size_t r = 0; r < judged.acceptable[t].size() && r < transactions[t].recipients.size(); ++r) {
        text += fmt::format("    {}: {}\n", certs::escaped(transactions[t].recipients[r]),
                            answersText(judged.acceptable[t][r]));
        text += indented(indented(indented(judged.acceptable[t][r].derivation)));
      }
  }
  if (const auto* twin = catalogue.twinOf(one, setup.profile))
    text += fmt::format("\nTwin: {} must be accepted, or a denial here proves nothing\n", twin->id);

  if (setup.oneTenant) {
    const auto profile = orThrow(verdict::findProfile(setup.profile, catalogue.profiles));
    for (const auto& [id, why] : catalogue::inOneTenant(catalogue, {&one}, mint, bindings, profile, at).dropped)
      text += fmt::format("\nDropped for a single tenant: {}: {}\n", id, why);
  }

  std::vector<std::string> bugs;
  for (const reference::KnownBug& bug : reference::knownBugs())
    if (bug.caughtBy == std::vector<std::string>{one.id}) bugs.push_back(bug.name);
  if (!bugs.empty()) text += fmt::format("Known bugs that only this case catches: {}\n", fmt::join(bugs, ", "));

  run::Setup reached = setup;
  if (reached.target.empty()) reached.target = "127.0.0.1:2525";
  text +=
      fmt::format("\nBy hand\n  {}\n", run::reproduceCommand(one, catalogue::stepsOf(one, catalogue, bindings, token),
                                                             transactions, reached, address, asMinted));
  return text;
}

int explainCase(const Arguments& arguments) {
  const std::vector<std::string> ids = arguments.all("");
  if (ids.empty()) throw Error("", "explain", "no case is named", "relayproof list shows them");
  const run::Setup setup = setupFrom(arguments);
  catalogue::Catalogue catalogue = loadCatalogue(arguments);
  if (std::ranges::any_of(ids, catalogue::namesGuise)) catalogue::addGuises(catalogue, {});
  const certs::Mint mint = mintOf(setup, static_cast<std::uint64_t>(arguments.integer("seed", 0, 0, INT64_MAX)));
  std::vector<const catalogue::Case*> named;
  for (const std::string& id : ids) {
    const catalogue::Case* one = catalogue.find(id);
    if (!one) {
      std::vector<std::string_view> known;
      for (const catalogue::Case& c : catalogue.cases) known.push_back(c.id);
      const auto near = nearest(id, known);
      throw Error("", "explain", fmt::format("there is no case \"{}\"", id),
                  near ? fmt::format("did you mean {}?", *near) : "relayproof list shows them");
    }
    named.push_back(one);
  }
  // What the relay is like does not matter to what a case is; whose the names and the issuer are does.
  run::Setup whose;
  whose.profile = setup.profile;
  whose.domains = setup.domains;
  whose.issuer = setup.issuer;
  const Workload workload = workloadOf(std::move(catalogue), named, mint, whose);
  for (const catalogue::Case* one : workload.selected)
    writeFile("-", explained(workload.catalogue, *one, mint, setup, asMinted(arguments)));
  for (const auto& [id, why] : workload.dropped)
    if (std::find(ids.begin(), ids.end(), id) != ids.end())
      writeFile("-", fmt::format("{}  is left out with this set-up: {}\n", id, why));
  return status::kOk;
}

}  // namespace

Command explainCommand() {
  return {"explain", "one case in full: why it exists, its certificate, dialogue, verdicts and how to see it by hand",
          joined({{{"cases", "DIR", "private cases beside ours (repeatable)", true},
                   {"seed", "N", "the seed of the certificates"}},
                  setupOptions()}),
          "ID", explainCase};
}

}  // namespace relayproof
