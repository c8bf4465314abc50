#include "conformance/catalogue/guise.h"

#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "conformance/catalogue/dialogue.h"

namespace relayproof::catalogue {
namespace {

bool isPlain(const TransactionPlan& plan) {
  return plan.mailParameters.empty() && plan.recipientParameters.empty() && !plan.bdat && !plan.lowerCase &&
         !plan.bodyless && !plan.empty && plan.body.empty() && plan.data == wire::Data::stuffed && !plan.beside;
}

/// Does nothing else depend on how it is played?
bool mayChange(const Case& one) {
  return !one.control && one.steps.empty() && !one.earlier && !one.beside && !one.period && !one.otherListener &&
         !one.afterReload && one.sni.empty() && one.proof.empty() && !one.hasTag("slow") &&
         one.transactions.size() == 1 && !one.transactions.front().smuggled;
}

/// Is its leaf an ordinary one but for its names?
bool saysNamesAlone(const Json& blueprint) {
  static const std::set<std::string_view> kNames = {"cn", "dns", "san"};
  return blueprint.is_object() &&
         std::ranges::all_of(blueprint.items(), [](const auto& member) { return kNames.contains(member.key()); });
}

void changeCertificate(Case& one, std::string_view guise, const std::function<void(Json&)>& change) {
  if (!saysNamesAlone(one.blueprint)) return;
  change(one.blueprint);
  one.fixture = *one.fixture + "~" + std::string(guise);
}

/// The transaction and what is expected of it, so many times.
void repeat(Case& one, std::size_t times) {
  one.transactions.assign(times, TransactionPlan(one.transactions.front()));
  for (auto& [profile, transactions] : one.expect) transactions.assign(times, std::vector(transactions.front()));
}

/// Others of the same domain, where the one recipient is any of it.
void addRecipients(Case& one) {
  std::vector<std::string>& recipients = one.transactions.front().recipients;
  if (recipients.size() != 1 || !(recipients.front() == kExternal || recipients.front().starts_with(kLocal))) return;
  constexpr std::size_t kRecipients = 3;
  for (std::size_t i = 2; i <= kRecipients; ++i) recipients.push_back(recipients.front() + "+" + std::to_string(i));
  for (auto& [profile, transactions] : one.expect)
    transactions.front().assign(kRecipients, ExpectedAnswers(transactions.front().front()));
}

bool extended(Case& one, const Means& means) {
  if (one.tls != "none") {
    one.otherListener = means.otherListener;
    if (one.tls.empty() && means.tls12) one.tls = "1.2";
  }
  TransactionPlan& plan = one.transactions.front();
  plan.extended = isPlain(plan);
  plan.smtpUtf8IfOffered = plan.extended && means.smtpUtf8;
  plan.bdatIfOffered = plan.extended && means.chunking;
  changeCertificate(one, "extended", [](Json& blueprint) {
    blueprint["through"] = {1};
    if (blueprint.value("dns", Json::array()).empty()) return;  // the first dNSName may silence its CN
    Json names = {"one.filler.example", "two.filler.example"};
    for (const Json& name : blueprint["dns"]) names.push_back(name);
    blueprint["dns"] = names;
  });
  if (means.anyRecipient) addRecipients(one);
  repeat(one, 2);
  one.transactions.back().bdatIfOffered = false;
  return true;
}

/// What came before in a session decides nothing: a message that was begun for three and given up.
const Json kBefore = Json::parse(R"json([
  {"send": ["NOOP\r\n"]}, {"expect": ["2yz", "4yz", "5yz"]},
  {"send": ["MAIL FROM:<{token}@foreign.example>\r\n"]}, {"expect": ["2yz", "4yz", "5yz"]},
  {"send": ["RCPT TO:<{token}-1@elsewhere.example>\r\n"]}, {"expect": ["2yz", "4yz", "5yz"]},
  {"send": ["RCPT TO:<{token}-2@elsewhere.example>\r\n"]}, {"expect": ["2yz", "4yz", "5yz"]},
  {"send": ["RCPT TO:<{token}-3@elsewhere.example>\r\n"]}, {"expect": ["2yz", "4yz", "5yz"]},
  {"send": ["RSET\r\n"]}, {"expect": "2yz"}])json");

bool basic(Case& one, const Means&) {
  if (!isPlain(one.transactions.front())) return false;
  constexpr std::size_t kTimes = 4;
  if (one.tls.empty()) one.tls = "1.3";
  changeCertificate(one, "basic", [](Json& blueprint) { blueprint["key"] = "p384"; });
  repeat(one, kTimes);
  if (one.tls != "none") one.steps.emplace_back("starttls");
  one.steps.push_back({{"send", {"HELO {ehlo}\r\n"}}});
  one.steps.push_back({{"expect", "2yz"}});
  one.steps.insert(one.steps.end(), kBefore.begin(), kBefore.end());
  for (std::size_t i = 1; i <= kTimes; ++i) {
    one.steps.push_back("mail:" + std::to_string(i));
    one.steps.push_back("content:" + std::to_string(i));
    if (i == 1) one.steps.emplace_back("rset");
  }
  one.steps.emplace_back("quit");
  return true;
}

/// Of the answers to a session that is resumed a refused handshake is one, and more for whoever may relay: those are
/// left aside.
bool resumed(Case& one, const Means&) {
  if (!one.fixture || !(one.tls.empty() || one.tls == "1.3") || one.address != kStranger) return false;
  const std::vector<std::string>& recipients = one.transactions.front().recipients;
  if (!std::ranges::all_of(recipients, [](const std::string& each) { return each == kExternal; })) return false;
  for (auto& [profile, transactions] : one.expect)
    for (ExpectedAnswers& answers : transactions.front()) {
      if (!refuses(wire(answers))) return false;
      if (std::ranges::none_of(answers, [](const auto& each) { return each.verdict == verdict::Verdict::refuseTls; }))
        answers.push_back({verdict::Verdict::refuseTls, std::nullopt, std::nullopt});
    }
  one.tls = "1.3";
  one.earlier = Earlier{"ticket", one.fixture, one.blueprint, std::nullopt};
  return true;
}

bool reloaded(Case& one, const Means& means) {
  one.afterReload = true;
  // Of several the run asks for one alone where the relay denies them all at the end: behind the reload it cannot.
  return means.reload && one.transactions.front().recipients.size() == 1;
}

/// Are its tenants the same after a reload?
bool outlastsReload(const Catalogue& catalogue, const Case& one) {
  return std::ranges::none_of(catalogue.family(one.family)->tenants, [&](const std::string& id) {
    return std::ranges::any_of(catalogue.tenantsThen, [&](const Json& tenant) { return tenant.at("id") == id; });
  });
}

struct Guise {
  std::string name;
  bool (*put)(Case& one, const Means& means);  ///< false: the case cannot have it
  bool twinsToo = true;
  bool behindReload = false;
};

const std::array<Guise, 4> kGuises = {
    {{"extended", extended}, {"basic", basic}, {"resumed", resumed, false}, {"reloaded", reloaded, false, true}}};

}  // namespace

void addGuises(Catalogue& catalogue, const Means& means) {
  const std::vector<Case> plain = catalogue.cases;
  for (const Guise& guise : kGuises) {
    std::vector<Case> copies;
    std::set<std::string> ids;
    const std::string suffix = "~" + guise.name;
    for (const Case& one : plain) {
      if (!mayChange(one) || (guise.behindReload && !outlastsReload(catalogue, one))) continue;
      Case copy = one;
      if (!guise.put(copy, means)) continue;
      copy.id += suffix;
      copy.title += ", " + guise.name;
      copy.tags.emplace_back(kGuise);
      if (guise.twinsToo)
        for (auto& [profile, twin] : copy.twin) twin += suffix;
      ids.insert(copy.id);
      copies.push_back(std::move(copy));
    }
    const auto hasTwins = [&](const Case& one) {
      return std::ranges::all_of(one.twin, [&](const auto& twin) { return ids.contains(twin.second); });
    };
    // A twin may go for the want of its own.
    for (bool all = !guise.twinsToo; !all;) {
      all = true;
      std::erase_if(copies, [&](const Case& one) {
        if (hasTwins(one)) return false;
        ids.erase(one.id);
        all = false;
        return true;
      });
    }
    std::ranges::move(copies, std::back_inserter(catalogue.cases));
  }
}

}  // namespace relayproof::catalogue
