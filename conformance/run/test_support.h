// What the tests of the run share: a family of cases that a scripted relay can tell apart, and a run of some of them
// against it, under a clock of the test's own.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/catalogue/family.h"
#include "conformance/catalogue/test_support.h"
#include "conformance/result/exit_status.h"
#include "conformance/run/plain_relay.h"
#include "conformance/run/run.h"

namespace relayproof::run {

using result::CaseResult;
using result::Report;
using test::PlainRelay;
using test::Talk;

inline constexpr std::string_view kDenial = "550 5.7.64 Relay Access Denied ATTR36";
inline const std::string kGateway = "127.0.99.5";

/// Cases without TLS, each with its own name as the sender's local part, so that a relay can tell them apart.
inline Json plainFamily() {
  Json family = Json::parse(R"({
  "family": "plain", "title": "Plain",
  "tenants": [{"id": "little", "acceptedDomains": [{"name": "small.test"}],
    "inboundConnectors": [{"name": "address", "senderIPAddresses": ["{gateway}"]}]}],
  "addresses": {"gateway": "127.0.99.5"},
  "defaults": {"tls": "none", "sources": ["rule"], "address": "gateway", "header": "foreign", "since": "0.1"},
  "cases": {
    "nothing": {"why": "W.", "tags": ["control"], "address": "stranger", "sender": "nothing@foreign.example",
      "expect": {"all": ["deny"]}},
    "by-address": {"why": "W.", "tags": ["control"], "sender": "by-address@small.test",
      "expect": {"all": ["relay 3a"]}},
    "delivery": {"why": "W.", "tags": ["control"], "address": "stranger", "sender": "delivery@foreign.example",
      "recipients": ["local:little"], "expect": {"all": ["deliver"]}},
    "relayed": {"why": "W.", "sender": "relayed@small.test", "expect": {"all": ["relay 3a"]}},
    "denied": {"why": "W.", "sender": "denied@foreign.example", "expect": {"all": ["deny"]}, "twin": "relayed"},
    "stranger": {"why": "W.", "address": "stranger", "sender": "relayed@small.test", "expect": {"all": ["deny"]},
      "twin": "relayed"},
    "injected": {"why": "W.", "tls": "1.3", "tags": ["injection"], "sender": "relayed@small.test",
      "steps": [{"send": ["STARTTLS\r\n", "NOOP\r\n"], "segment": "same"}, {"expect": 220}, "tls", "plain dialogue"],
      "expect": {"all": ["relay 3a"]}},
    "mixed": {"why": "W.", "sender": "mixed@foreign.example", "recipients": ["somebody@small.test", "external"],
      "expect": {"all": {"somebody@small.test": ["deliver"], "external": ["deny"]}}, "twin": "relayed"}
  }
})");
  for (int i = 0; i < 60; ++i) {
    const std::string name = "many-" + std::to_string(i);
    family["cases"][name] = {{"why", "W."},
                             {"sender", name + "@foreign.example"},
                             {"expect", Json{{"all", Json::array({"deny"})}}},
                             {"twin", "relayed"}};
  }
  return family;
}

/// A relay that does right, and denies at RCPT.
inline std::string right(const Talk& talk, std::string_view stage) {
  if (stage == "connect") return "220 plain.test ESMTP";
  if (stage != "rcpt") return "250 2.0.0 ok";
  if (talk.recipients.back().ends_with("@small.test")) return "250 2.1.5 ours";
  const bool known = talk.source == kGateway && talk.mailFrom.ends_with("@small.test");
  return known ? "250 2.1.5 relayed" : std::string(kDenial);
}

class Run : public testing::Test {
 protected:
  Run() : corpus_(plainFamily()), catalogue_(corpus_.loaded()) {
    surroundings_.now = [this] { return clock_; };
    surroundings_.sleep = [this](double seconds) {
      clock_ += seconds;
      slept_.push_back(seconds);
    };
    surroundings_.stop = [] { return false; };
    surroundings_.finished = [this](const CaseResult& one) { finished_.push_back(one.id); };
  }

  void use(const Json& family) {
    corpus_.add(family);
    catalogue_ = corpus_.loaded();
  }

  void run(unsigned short port, const std::vector<std::string>& names, bool failFast = false) {
    std::map<std::string, std::string> addresses = setup_.addresses;
    addresses.insert(catalogue_.addresses.begin(), catalogue_.addresses.end());
    const Json tenancy = catalogue::withAddresses(catalogue_.tenancy, addresses);
    std::vector<const catalogue::Case*> selected;
    for (const std::string& name : names) selected.push_back(catalogue_.find("plain." + name));
    session::Target target;
    target.host = "127.0.0.1";
    target.port = port;
    target.timeoutSeconds = setup_.timeout;
    Request request{catalogue_,
                    mint_,
                    verdict::readTenancy(Node(tenancy, {}, {})),
                    verdict::findProfile("exo-2017", catalogue_.profiles).value(),
                    setup_,
                    target,
                    selected,
                    controlsOf(catalogue_, {})};
    request.jobs = jobs_;
    request.failFast = failFast;
    report_ = run::run(request, surroundings_, {});
  }
  void run(const test::Answers& answers, const std::vector<std::string>& names, bool failFast = false) {
    const PlainRelay relay(answers);
    relay_ = &relay;
    run(relay.port(), names, failFast);
    relay_ = nullptr;
  }

  const CaseResult& result(const std::string& name) const {
    for (const CaseResult& one : report_.results)
      if (one.id == "plain." + name) return one;
    throw std::runtime_error("no result of " + name);
  }
  /// "pass", "fail hole", …
  std::string outcome(const std::string& name) const {
    const CaseResult& one = result(name);
    const std::string failure(result::name(one.failure));
    return std::string(result::name(one.outcome)) + (failure.empty() ? "" : " " + failure);
  }
  std::vector<std::string> many() const {
    std::vector<std::string> names;
    for (int i = 0; i < 60; ++i) names.push_back("many-" + std::to_string(i));
    return names;
  }
  std::string halted() const { return report_.halted.value_or(""); }
  int status() const { return result::exitStatus(report_, 0.6); }

  catalogue::test::Corpus corpus_;
  catalogue::Catalogue catalogue_;
  certs::Mint mint_ = catalogue::test::shippedMint();
  relayproof::run::Setup setup_;
  Surroundings surroundings_;
  Report report_;
  const PlainRelay* relay_ = nullptr;
  std::size_t jobs_ = 1;  // so that sessions can be counted
  double clock_ = static_cast<double>(catalogue::test::kTime);
  std::vector<double> slept_;
  std::vector<std::string> finished_;
};

}  // namespace relayproof::run
