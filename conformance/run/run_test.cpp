#include "conformance/run/run.h"

#include <gmock/gmock.h>

#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "conformance/catalogue/family.h"
#include "conformance/catalogue/test_support.h"
#include "conformance/result/exit_status.h"
#include "conformance/run/plain_relay.h"

namespace relayproof::run {
namespace {

using result::CaseResult;
using result::Class;
using result::Outcome;
using result::Report;
using test::kGone;
using test::PlainRelay;
using test::Talk;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kDenial = "550 5.7.64 Relay Access Denied ATTR36";
const std::string kGateway = "127.0.99.5";

/// Cases without TLS, each with its own name as the sender's local part, so that a relay can tell them apart.
Json plainFamily() {
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
std::string right(const Talk& talk, std::string_view stage) {
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

  void run(unsigned short port, const std::vector<std::string>& names, bool failFast = false) {
    std::map<std::string, std::string> addresses = setup_.addresses;
    addresses.insert(catalogue_.addresses.begin(), catalogue_.addresses.end());
    const Json tenancy = catalogue::withAddresses(catalogue_.tenancy, addresses);
    std::vector<const catalogue::Case*> selected;
    for (const std::string& name : names) selected.push_back(catalogue_.find("plain." + name));
    session::Target target;
    target.host = "127.0.0.1";
    target.port = port;
    Request request{catalogue_,
                    mint_,
                    verdict::readTenancy(Node(tenancy, {}, {})),
                    verdict::findProfile("exo-2017", catalogue_.profiles).value(),
                    setup_,
                    target,
                    selected,
                    controlsOf(catalogue_, {})};
    request.jobs = 1;  // sessions are counted
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
  double clock_ = static_cast<double>(catalogue::test::kTime);
  std::vector<double> slept_;
  std::vector<std::string> finished_;
};

TEST_F(Run, ARightRelayPasses) {
  run(right, {"relayed", "denied", "mixed"});
  EXPECT_EQ(halted(), "");
  ASSERT_THAT(report_.results, SizeIs(6)) << "controls are judged like cases";
  for (const CaseResult& one : report_.results) EXPECT_EQ(one.outcome, Outcome::pass) << one.id << ": " << one.why;
  EXPECT_EQ(status(), result::kConforms);
  EXPECT_EQ(result("denied").sessions.front().source, kGateway);
  EXPECT_EQ(result("denied").twin, "plain.relayed");
  EXPECT_EQ(report_.target.greeting, "plain.test ESMTP");
  EXPECT_THAT(slept_, IsEmpty());
}

TEST_F(Run, TheReportIsInTheOrderOfTheSelectionWhateverThatOfTheSessionsIs) {
  run(right, {"mixed", "denied", "relayed"});
  std::vector<std::string> ids;
  for (const CaseResult& one : report_.results) ids.push_back(one.id);
  EXPECT_THAT(ids, testing::ElementsAre("plain.nothing", "plain.by-address", "plain.delivery", "plain.mixed",
                                        "plain.denied", "plain.relayed"));
  EXPECT_EQ(finished_[3], "plain.relayed") << "the twin goes first";
}

TEST_F(Run, TheTwinRunsInEveryBatchAndIsJudgedOnceIfSelected) {
  int twins = 0;
  run(
      [&](const Talk& talk, std::string_view stage) {
        twins += stage == "mail" && talk.from("relayed");
        return right(talk, stage);
      },
      many());
  EXPECT_EQ(twins, 2) << "60 cases are two batches";
  ASSERT_THAT(report_.results, SizeIs(63)) << "a twin that is not selected has no result";
  for (const CaseResult& one : report_.results) EXPECT_EQ(one.outcome, Outcome::pass) << one.id << ": " << one.why;
  EXPECT_THAT(finished_, SizeIs(63));
}

TEST_F(Run, AnOpenRelayEndsTheRunAtOnce) {
  run([](const Talk&, std::string_view stage) { return stage == "connect" ? "220 open" : "250 ok"; }, {"denied"});
  EXPECT_EQ(halted(), result::kHaltedOpenRelay);
  EXPECT_EQ(outcome("nothing"), "fail hole");
  EXPECT_THAT(report_.results, SizeIs(3)) << "the controls and nothing else";
  EXPECT_EQ(status(), result::kDoesNotConform);
}

TEST_F(Run, AnOpenRelayIsOpenWithoutDataToo) {
  setup_.noData = true;
  setup_.denyStage = "rcpt";
  run([](const Talk&, std::string_view stage) { return stage == "connect" ? "220 open" : "250 ok"; }, {"denied"});
  EXPECT_EQ(halted(), result::kHaltedOpenRelay) << "it was said to deny by RCPT, and did not";
  EXPECT_EQ(outcome("nothing"), "fail hole");
}

TEST_F(Run, AnOpenRelayIsNoticedWhereAPositiveControlFailsBesideIt) {
  run(
      [](const Talk& talk, std::string_view stage) {
        if (stage == "rcpt" && talk.from("by-address")) return std::string(kDenial);
        if (stage == "rcpt" && talk.number < 3) return std::string("250 whoever you are");
        return right(talk, stage);
      },
      {"denied"});
  EXPECT_EQ(halted(), result::kHaltedOpenRelay) << "what was accepted once stays accepted";
  EXPECT_EQ(outcome("nothing"), "fail hole");
}

TEST_F(Run, AnOpenRelayBehindAGreylistIsOpen) {
  int asked = 0;
  run(
      [&](const Talk& talk, std::string_view stage) {
        if (stage == "rcpt" && talk.from("nothing"))
          return std::string(asked++ == 0 ? "450 4.7.1 greylisted" : "250 ok");
        return right(talk, stage);
      },
      {"denied"});
  EXPECT_EQ(outcome("nothing"), "fail hole");
  EXPECT_EQ(halted(), result::kHaltedOpenRelay);
}

TEST_F(Run, ARelayThatOpensDuringTheRunIsOpen) {
  run(
      [](const Talk& talk, std::string_view stage) {
        return talk.number > 4 && stage == "rcpt" ? std::string("250 whoever you are") : right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(halted(), result::kHaltedOpenRelay);
  EXPECT_EQ(outcome("nothing"), "fail hole");
  EXPECT_EQ(outcome("denied"), "pass");
  EXPECT_THAT(report_.results, SizeIs(5)) << "no result stands twice";
}

TEST_F(Run, NobodyListens) {
  unsigned short port = 0;
  {
    port = PlainRelay(right).port();
  }
  run(port, {"denied"});
  EXPECT_EQ(halted(), result::kHaltedUnreachable);
  EXPECT_THAT(report_.results, SizeIs(3));
  for (const CaseResult& one : report_.results) EXPECT_EQ(one.outcome, Outcome::inconclusive) << one.id;
  EXPECT_EQ(status(), result::kUnreachable);
  EXPECT_THAT(slept_, IsEmpty()) << "waiting does not help";
}

TEST_F(Run, ARelayThatDeniesEverythingProvesNothing) {
  run([](const Talk& talk,
         std::string_view stage) { return stage == "rcpt" ? std::string(kDenial) : right(talk, stage); },
      {"denied"});
  EXPECT_EQ(halted(), result::kHaltedNoControl);
  EXPECT_THAT(slept_, ElementsAre(1, 3)) << "it was given time";
}

TEST_F(Run, AnAddressThatIsNotOursMakesNoRelayUnreachable) {
  setup_.addresses["gateway"] = "192.0.2.77";
  run([](const Talk& talk,
         std::string_view stage) { return stage == "rcpt" ? std::string(kDenial) : right(talk, stage); },
      {"denied"});
  EXPECT_EQ(outcome("by-address"), "inconclusive") << result("by-address").why;
  EXPECT_EQ(halted(), result::kHaltedNoControl) << "the other controls reached it";
}

TEST_F(Run, AControlThatNeverWorkedDoesNotVoidTheRest) {
  run(
      [](const Talk& talk, std::string_view stage) {
        return stage == "rcpt" && talk.from("delivery") ? "550 5.7.1 no mail for us" : right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(halted(), "");
  EXPECT_EQ(outcome("delivery"), "fail refusal");
  EXPECT_EQ(outcome("denied"), "pass");
}

/// Replies in which relays say that they have had enough; some read like a denial.
class Throttling : public Run, public testing::WithParamInterface<std::pair<const char*, const char*>> {
 protected:
  test::Answers from(int first, int last) const {
    return [first, last](const Talk& talk, std::string_view stage) {
      const auto [where, reply] = GetParam();
      return talk.number >= first && talk.number <= last && stage == where ? std::string(reply) : right(talk, stage);
    };
  }
};

TEST_P(Throttling, ForGoodIsNoDenialAndNoFailure) {
  run(from(20, 1 << 30), many());
  int passed = 0;
  for (const CaseResult& one : report_.results) {
    if (one.id.starts_with("plain.many")) {
      EXPECT_EQ(one.outcome, Outcome::inconclusive) << one.id << ": " << one.why;
    }
    passed += one.outcome == Outcome::pass;
  }
  EXPECT_EQ(passed, 3) << "the controls of the beginning";
  EXPECT_THAT(report_.results, SizeIs(63));
  EXPECT_EQ(status(), result::kNotJudged);
}

TEST_P(Throttling, ForAWhileIsWaitedFor) {
  run(from(20, 53), many());
  for (const CaseResult& one : report_.results) EXPECT_EQ(one.outcome, Outcome::pass) << one.id << ": " << one.why;
  EXPECT_THAT(slept_, testing::Contains(1));
}

INSTANTIATE_TEST_SUITE_P(Replies, Throttling,
                         testing::Values(std::pair("connect", "421 4.7.0 too many connections"),
                                         std::pair("connect", "554 5.7.1 blocked"), std::pair("connect", ""),
                                         std::pair("mail", "450 4.7.1 slow down"),
                                         std::pair("mail", "421 4.7.0 slow down"),
                                         std::pair("rcpt", "550 5.7.1 too much mail from you"),
                                         std::pair("end-of-data", "452 4.3.1 no space")));

TEST_F(Run, AHoleSeenBeforeTheRelayThrottledStaysAHole) {
  run(
      [](const Talk& talk, std::string_view stage) {
        if (stage == "rcpt" && talk.from("denied") && talk.number < 6) return std::string("250 come in");
        if (stage == "connect" && talk.number > 5 && talk.number < 9) return std::string("421 4.7.0 too many");
        return right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(outcome("denied"), "fail hole") << result("denied").why;
}

TEST_F(Run, ARelayThatGoesAwayJudgesNobody) {
  run([](const Talk& talk,
         std::string_view stage) { return talk.number == 20 && stage == "mail" ? kGone : right(talk, stage); },
      many());
  EXPECT_EQ(halted(), result::kHaltedWentAway);
  EXPECT_LT(report_.results.size(), 60U) << "the second batch is not played";
  int judged = 0;
  for (const CaseResult& one : report_.results) {
    if (!one.id.starts_with("plain.many")) continue;
    ++judged;
    EXPECT_EQ(one.outcome, Outcome::inconclusive) << one.id << ": " << one.why;
  }
  EXPECT_GT(judged, 16);
  EXPECT_NE(status(), result::kConforms);
}

TEST_F(Run, ADeferralIsTriedAgain) {
  int asked = 0;
  run(
      [&](const Talk& talk, std::string_view stage) {
        return stage == "rcpt" && talk.from("denied") && asked++ == 0 ? "450 4.7.1 greylisted" : right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(outcome("denied"), "pass");
  EXPECT_THAT(result("denied").sessions, SizeIs(2));
  EXPECT_EQ(result("denied").sessions.front().transactions.front().recipients.front().observed.verdict, "defer");
}

TEST_F(Run, TwoDeferralsAreNoDecision) {
  run(
      [](const Talk& talk, std::string_view stage) {
        return stage == "rcpt" && talk.from("denied") ? "450 4.7.1 no" : right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(outcome("denied"), "fail reply");
  EXPECT_EQ(outcome("relayed"), "pass");
}

TEST_F(Run, ATwinThatWasAcceptedAtTheSecondTryVouches) {
  int asked = 0;
  run(
      [&](const Talk& talk, std::string_view stage) {
        return stage == "rcpt" && talk.from("relayed") && asked++ == 0 ? "450 4.7.1 greylisted" : right(talk, stage);
      },
      {"denied"});
  EXPECT_EQ(outcome("denied"), "pass") << result("denied").why;
}

TEST_F(Run, ADenialBesideADeniedTwinProvesNothing) {
  run(
      [](const Talk& talk, std::string_view stage) {
        return stage == "rcpt" && talk.from("relayed") ? std::string(kDenial) : right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(outcome("relayed"), "fail refusal");
  EXPECT_EQ(outcome("denied"), "inconclusive");
  EXPECT_THAT(result("denied").why, HasSubstr("twin was not accepted"));
}

TEST_F(Run, AHoleBesideADeniedTwinIsAHole) {
  run(
      [](const Talk& talk, std::string_view stage) {
        if (stage == "rcpt" && talk.from("relayed")) return std::string(kDenial);
        return stage == "rcpt" && talk.from("denied") ? std::string("250 come in") : right(talk, stage);
      },
      {"denied"});
  EXPECT_EQ(outcome("denied"), "fail hole");
}

/// One refusal for two recipients at end of data; `alone` is what the relay says to the one that it has to accept.
class Mixed : public Run {
 protected:
  void runWith(const std::string& alone) {
    run(
        [&](const Talk& talk, std::string_view stage) {
          if (!talk.from("mixed") || stage == "connect") return right(talk, stage);
          if (stage != "end-of-data") return std::string("250 ok");
          return talk.recipients.size() == 1 ? alone : std::string(kDenial);
        },
        {"relayed", "mixed"});
  }
};

TEST_F(Mixed, DeniedAsOneIsRightWhereOneAloneIsAccepted) {
  runWith("250 2.0.0 ok");
  EXPECT_EQ(outcome("mixed"), "pass") << result("mixed").why;
  EXPECT_THAT(result("mixed").sessions, SizeIs(1)) << "the other session is no retry of this case";
}

TEST_F(Mixed, DeniedAloneAsWellIsARefusal) {
  runWith(std::string(kDenial));
  EXPECT_EQ(outcome("mixed"), "fail refusal") << result("mixed").why;
}

TEST_F(Mixed, DeferredAloneIsNoDenial) {
  for (const char* reply : {"421 4.7.0 too many", "450 4.7.1 slow down", ""}) {
    runWith(reply);
    EXPECT_EQ(outcome("mixed"), "inconclusive") << reply << ": " << result("mixed").why;
  }
}

TEST_F(Run, AnInterruptionKeepsWhatHasEnded) {
  surroundings_.stop = [this] { return relay_->sessions() >= 20; };
  run(right, many());
  EXPECT_EQ(halted(), result::kHaltedInterrupted);
  EXPECT_EQ(status(), result::kInterrupted);
  EXPECT_GT(report_.results.size(), 15U);
  EXPECT_LT(report_.results.size(), 25U);
  EXPECT_EQ(outcome("many-0"), "pass") << result("many-0").why;
  EXPECT_THAT(finished_, SizeIs(report_.results.size()));
  EXPECT_THAT(slept_, IsEmpty());
}

TEST_F(Run, AnInterruptionAmongTheFirstControlsLeavesNothing) {
  surroundings_.stop = [this] { return relay_->sessions() >= 2; };
  run(right, {"denied"});
  EXPECT_EQ(halted(), result::kHaltedInterrupted);
  EXPECT_THAT(report_.results, IsEmpty());
}

TEST_F(Run, AnInterruptionAmongTheLastControlsIsOneToo) {
  surroundings_.stop = [this] { return relay_->sessions() >= 6; };  // three controls, two cases, and the first control
  run(right, {"relayed", "denied"});
  EXPECT_EQ(halted(), result::kHaltedInterrupted);
  EXPECT_EQ(outcome("denied"), "pass") << result("denied").why;
  EXPECT_THAT(slept_, IsEmpty()) << "nobody waits who wants to leave";
}

/// Passes a message on as a relay does, and waits until the sink holds it.
void passOn(const session::Sink& sink, const std::string& token) {
  const std::string listen = sink.address();
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<unsigned short>(std::stoi(listen.substr(listen.rfind(':') + 1))));
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  for (const std::string& part :
       {std::string("EHLO relay.test\r\n"), std::string("MAIL FROM:<relayed@small.test>\r\n"),
        "RCPT TO:<" + token + "@elsewhere.example>\r\n", std::string("DATA\r\n"), "\r\n" + token + "\r\n.\r\n"})
    ASSERT_EQ(send(fd, part.data(), part.size(), MSG_NOSIGNAL), static_cast<ssize_t>(part.size()));
  for (int tries = 0; tries < 1000 && sink.find(token).empty(); ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  close(fd);
  ASSERT_THAT(sink.find(token), SizeIs(1));
}

TEST_F(Run, OfMailThatComesLateNobodyIsToldBeforeTheLastLook) {
  constexpr double kSettle = 0.5;
  session::Sink sink("127.0.0.1:0");
  surroundings_.nextHop = &sink;
  setup_.settle = kSettle;
  std::vector<CaseResult> told;
  surroundings_.finished = [&](const CaseResult& one) {
    if (one.id == "plain.relayed") told.push_back(one);
  };
  std::mutex mutex;
  std::set<std::string> tokens;
  surroundings_.sleep = [&](double seconds) {
    clock_ += seconds;
    if (seconds != kSettle) return;
    EXPECT_THAT(told, IsEmpty());
    const std::lock_guard lock(mutex);
    for (const std::string& token : tokens) passOn(sink, token);
  };
  run(
      [&](const Talk& talk, std::string_view stage) {
        if (talk.from("relayed") && stage == "rcpt") {
          const std::lock_guard lock(mutex);
          tokens.insert(talk.recipients.back().substr(0, talk.recipients.back().find('@')));
        }
        return right(talk, stage);
      },
      {"relayed"});
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].outcome, Outcome::pass) << told[0].why;
  EXPECT_EQ(outcome("relayed"), "pass");
  EXPECT_THAT(told[0].sessions, SizeIs(1));
  EXPECT_TRUE(report_.passingOnSeen);
}

TEST_F(Run, MailThatNeverComesIsLost) {
  session::Sink sink("127.0.0.1:0");
  surroundings_.nextHop = &sink;
  setup_.settle = 0.1;
  std::vector<CaseResult> told;
  surroundings_.finished = [&](const CaseResult& one) {
    if (one.id == "plain.relayed") told.push_back(one);
  };
  run(right, {"relayed"});
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].failure, Class::protocol) << told[0].why;
}

TEST_F(Run, TheFirstFailureEndsTheRunIfAsked) {
  const auto hole = [](const Talk& talk, std::string_view stage) {
    return stage == "rcpt" && talk.from("many-3") ? "250 come in" : right(talk, stage);
  };
  run(hole, many(), true);
  EXPECT_EQ(halted(), kFailFast);
  EXPECT_EQ(outcome("many-3"), "fail hole");
  EXPECT_LT(report_.results.size(), 60U);
  run(hole, many(), false);
  EXPECT_EQ(halted(), "");
  EXPECT_THAT(report_.results, SizeIs(63));
}

}  // namespace
}  // namespace relayproof::run
