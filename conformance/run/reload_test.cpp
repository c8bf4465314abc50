// Cases that assume another tenancy: alone and last, with the relay's own plan given back behind them.
#include <gmock/gmock.h>

#include "conformance/run/test_support.h"

namespace relayproof::run {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kLeaver = "127.0.99.6";
const std::string kNewcomer = "127.0.99.7";

Json changingFamily() {
  Json family = plainFamily();
  family["addresses"]["leaver"] = kLeaver;
  family["addresses"]["newcomer"] = kNewcomer;
  Json then = family["tenants"][0];
  family["tenants"][0]["inboundConnectors"].push_back({{"name", "old"}, {"senderIPAddresses", {"{leaver}"}}});
  then["inboundConnectors"].push_back({{"name", "new"}, {"senderIPAddresses", {"{newcomer}"}}});
  family["tenantsThen"] = Json::array({then});
  family["cases"].update(Json::parse(R"({
    "leaver-before": {"why": "W.", "address": "leaver", "sender": "before@small.test", "expect": {"all": ["relay 3a"]}},
    "leaver": {"why": "W.", "after": "reload", "address": "leaver", "sender": "leaver@small.test",
      "expect": {"all": ["deny"]}, "twin": "leaver-before"},
    "newcomer": {"why": "W.", "after": "reload", "tags": ["shows-reload"], "address": "newcomer",
      "sender": "newcomer@small.test", "expect": {"all": ["relay 3a"]}}
  })"));
  return family;
}

class Reload : public Run {
 protected:
  Reload() {
    use(changingFamily());
    surroundings_.reload = [this](bool then) {
      asked_.push_back(then);
      const std::string& fault = then ? faultThen_ : faultBack_;
      if (fault.empty()) changed_ = then;
      return fault;
    };
  }
  /// By the tenancy that the relay has at the time.
  test::Answers answers() const {
    return [this](const Talk& talk, std::string_view stage) {
      const bool here = talk.source == (changed_ ? kNewcomer : kLeaver) || (keeps_ && talk.source == kLeaver);
      if (stage == "rcpt" && here && talk.mailFrom.ends_with("@small.test")) return std::string("250 2.1.5 relayed");
      return right(talk, stage);
    };
  }
  void play() { run(answers(), {"leaver", "relayed", "newcomer", "denied"}); }

  std::vector<bool> asked_;
  std::string faultThen_, faultBack_;
  std::atomic<bool> changed_ = false, keeps_ = false;
};

TEST_F(Reload, ComesLastAndIsTakenBack) {
  play();
  EXPECT_THAT(asked_, ElementsAre(true, false));
  for (const CaseResult& one : report_.results) EXPECT_EQ(outcome(one.id.substr(6)), "pass") << one.id << one.why;
  EXPECT_THAT(finished_.back(), HasSubstr("newcomer"));
  EXPECT_FALSE(changed_);
}

TEST_F(Reload, WhatWasTakenAwayAndCountsAllTheSameIsAHole) {
  keeps_ = true;
  play();
  EXPECT_EQ(outcome("leaver"), "fail hole");
  EXPECT_EQ(outcome("newcomer"), "pass");
}

TEST_F(Reload, WhatIsDeferredBehindItIsTriedAgainAndACrashIsTold) {
  std::string log;
  bool once = true;
  surroundings_.newLog = [&] { return std::exchange(log, ""); };
  const test::Answers sound = answers();
  run(
      [&](const Talk& talk, std::string_view stage) {
        if (stage == "mail" && talk.from("leaver")) log += "Segmentation fault\n";
        if (stage == "rcpt" && talk.from("leaver") && std::exchange(once, false))
          return std::string("450 4.3.0 not now");
        return sound(talk, stage);
      },
      {"leaver", "newcomer"});
  EXPECT_EQ(outcome("leaver"), "pass") << result("leaver").why;
  EXPECT_EQ(report_.results.back().id, "relay.crash-1");
}

TEST_F(Reload, ThatFailsLeavesItsCasesInconclusive) {
  faultThen_ = "the command failed: reload";
  play();
  EXPECT_THAT(asked_, ElementsAre(true, false));
  EXPECT_EQ(outcome("leaver"), "inconclusive");
  EXPECT_EQ(outcome("newcomer"), "inconclusive");
  EXPECT_THAT(result("leaver").why, HasSubstr("was not given the tenancy of this case: the command failed: reload"));
  EXPECT_EQ(outcome("denied"), "pass");
  EXPECT_EQ(status(), result::kNotJudged);
}

TEST_F(Reload, WithoutEffectIsNoHole) {
  surroundings_.reload = [](bool) { return std::string(); };
  play();
  EXPECT_EQ(outcome("leaver"), "inconclusive");
  EXPECT_THAT(result("leaver").why, HasSubstr("plain.newcomer is not accepted, which only the changed tenancy allows"));
}

TEST_F(Reload, ThatIsNotTakenBackIsSaid) {
  faultBack_ = "the command failed: reload";
  play();
  EXPECT_EQ(outcome("leaver"), "inconclusive");
  EXPECT_THAT(result("leaver").why, HasSubstr("give it the plan again: the command failed: reload"));
}

TEST_F(Reload, ThatIsTakenBackInWordsAloneFails) {
  surroundings_.reload = [this](bool then) {
    asked_.push_back(then);
    changed_ = true;  // and stays so
    return std::string();
  };
  play();
  EXPECT_THAT(asked_, ElementsAre(true, false));
  EXPECT_EQ(outcome("leaver"), "pass");
  EXPECT_EQ(outcome("newcomer"), "fail protocol");
  EXPECT_THAT(result("newcomer").why, HasSubstr("took the tenancy of this case and not its own after it"));
  EXPECT_THAT(result("newcomer").why, HasSubstr("plain.leaver-before is not accepted any more"));
}

TEST_F(Reload, AHoleThatWasSeenStaysWhereItIsNotTakenBack) {
  keeps_ = true;
  faultBack_ = "the command failed: reload";
  play();
  EXPECT_EQ(outcome("leaver"), "fail hole");
  EXPECT_EQ(outcome("newcomer"), "inconclusive");
}

TEST_F(Reload, IsNotAskedForWithoutSuchCases) {
  run(answers(), {"relayed", "denied"});
  EXPECT_TRUE(asked_.empty());
}

}  // namespace
}  // namespace relayproof::run
