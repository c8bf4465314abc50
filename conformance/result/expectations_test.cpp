#include "conformance/result/expectations.h"

#include <gmock/gmock.h>

#include "conformance/result/test_support.h"

namespace relayproof::result {
namespace {

using testing::HasSubstr;

CaseResult answering(const std::string& id, Outcome outcome, const std::string& verdict) {
  CaseResult made;
  made.id = id;
  made.outcome = outcome;
  made.failure = outcome == Outcome::fail ? Class::hole : Class::none;
  Session session;
  session.transactions = {{"a@foreign.example", {{"b@elsewhere.example", {}, {verdict, "rcpt", 250, "", "", {}, {}}}}}};
  made.sessions = {session};
  return made;
}

std::string expectationsText(const std::string& entry) {
  return R"({"schema":"relayproof.expectations/1","expectations":[)" + entry + "]}";
}

std::vector<Expectation> expectations(const std::string& entry) {
  const auto read = readExpectations(expectationsText(entry), "known.json", "2026-11-24");
  EXPECT_TRUE(read) << read.error().text();
  return *read;
}

TEST(Expectations, WhatFailsAsSaidIsNoNews) {
  const auto known = expectations(
      R"({"id":"names.*","profile":"exo-2017","outcome":"fail","observed":"accept","reason":"ours","until":"2026-11-24"})");
  Report made =
      reportOf({answering("names.cn.x", Outcome::fail, "accept"), answering("names.cn.y", Outcome::fail, "drop"),
                answering("names.cn.z", Outcome::pass, "deny"), answering("other.a", Outcome::fail, "accept"),
                answering("names.cn.i", Outcome::inconclusive, "defer")});
  EXPECT_FALSE(apply(known, made, true));
  EXPECT_EQ(made.results[0].outcome, Outcome::xfail);
  EXPECT_EQ(made.results[1].outcome, Outcome::fail) << "another wrong answer";
  EXPECT_EQ(made.results[2].outcome, Outcome::xpass);
  EXPECT_EQ(made.results[3].outcome, Outcome::fail);
  EXPECT_EQ(made.results[4].outcome, Outcome::inconclusive);

  const Json written = expectationsOf(made, known);
  ASSERT_EQ(written["expectations"].size(), 3U);
  EXPECT_EQ(written["expectations"][0]["reason"], "ours");
  EXPECT_EQ(written["expectations"][0]["until"], "2026-11-24");
  EXPECT_EQ(written["expectations"][1]["reason"], "") << "who takes it over writes the reason";
  EXPECT_FALSE(readExpectations(dump(written, 2), "known.json", "2026-11-24"));
}

TEST(Expectations, WhatIsKnownOfACaseIsKnownOfItInEveryGuise) {
  const auto known = expectations(R"({"id":"a.b","outcome":"fail","observed":"accept","reason":"ours"})");
  Report made =
      reportOf({answering("a.b", Outcome::fail, "accept"), answering("a.b~basic", Outcome::fail, "accept"),
                answering("a.b~extended", Outcome::pass, "deny"), answering("a.bc~basic", Outcome::fail, "accept")});
  EXPECT_FALSE(apply(known, made, true));
  EXPECT_EQ(made.results[1].outcome, Outcome::xfail);
  EXPECT_EQ(made.results[2].outcome, Outcome::pass) << "it may be wrong in some guises alone";
  EXPECT_EQ(made.results[3].outcome, Outcome::fail);
}

TEST(Expectations, AFailedCheckIsPartOfTheAnswer) {
  CaseResult one = answering("a.b", Outcome::fail, "deny");
  one.checks = {{"one-reply-a-command", false, "two came"}, {"held", true, ""}};
  EXPECT_EQ(observedAnswer(one), "deny, check one-reply-a-command");
}

TEST(Expectations, ASuddenEndIsAnAnswerToo) {
  CaseResult one;
  one.sessions.emplace_back().end.how = "dropped";
  EXPECT_EQ(observedAnswer(one), "drop");
  one.sessions.back().end.how = "timeout";
  EXPECT_EQ(observedAnswer(one), "timeout");
}

TEST(Expectations, OfAnotherProfileAreNotMissed) {
  Report made = reportOf({answering("a.b", Outcome::fail, "accept")});
  const auto other =
      expectations(R"({"id":"nothing.such","profile":"strict","outcome":"fail","observed":"accept","reason":"r"})");
  EXPECT_FALSE(apply(other, made, true));
  const auto unmatched = expectations(R"({"id":"nothing.such","outcome":"fail","observed":"accept","reason":"r"})");
  EXPECT_FALSE(apply(unmatched, made, false)) << "a shard cannot know";
  const auto error = apply(unmatched, made, true);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->text(),
            "known.json: expectations[0]: id: \"nothing.such\" matches no selected case; take the entry out, or select "
            "the case");
}

TEST(Expectations, AnOpenRelayCannotBeWaived) {
  Report made = reportOf({answering("controls.negative", Outcome::fail, "accept")});
  made.results[0].tags = {"control"};
  const auto error = apply(expectations(R"({"id":"*","outcome":"fail","observed":"accept","reason":"r"})"), made, true);
  ASSERT_TRUE(error);
  EXPECT_THAT(error->text(), HasSubstr("an open relay cannot be waived"));
  EXPECT_EQ(made.results[0].outcome, Outcome::fail);
}

TEST(Expectations, FaultsAreNamed) {
  const auto errorOf = [](const std::string& entry) {
    const auto read = readExpectations(expectationsText(entry), "known.json", "2026-11-24");
    return read ? "" : read.error().text();
  };
  EXPECT_THAT(errorOf(R"({"id":"a","outcome":"fail","observed":"accept","reason":" "})"),
              HasSubstr("known.json: expectations[0].reason: is empty; say why"));
  EXPECT_THAT(errorOf(R"({"id":"a","outcome":"fail","observed":"accept","reason":"r","until":"2026-11-23"})"),
              HasSubstr("expectations[0].until: is past"));
  EXPECT_THAT(errorOf(R"({"id":"a","outcome":"fail","observed":"accept","reason":"r","until":"soon"})"),
              HasSubstr("is no date"));
  EXPECT_THAT(errorOf(R"({"id":"a","outcome":"pass","observed":"accept","reason":"r"})"),
              HasSubstr("only a fail can be expected"));
  for (const char* date : {"2027-02-30", "2027-13-01", "2027-1-31"})
    EXPECT_THAT(
        errorOf(std::string(R"({"id":"a","outcome":"fail","observed":"deny","reason":"r","until":")") + date + "\"}"),
        HasSubstr("is no date"));
  for (const char* observed : {"", "acccept", "deny,accept", "deny, ", "pass"})
    EXPECT_THAT(errorOf(std::string(R"({"id":"a","outcome":"fail","reason":"r","observed":")") + observed + "\"}"),
                HasSubstr("observed: is no answer of a relay"));
  for (const char* observed : {"deny", "accept, not-reached", "deny, check one-reply-a-command", "check held"})
    EXPECT_EQ(errorOf(std::string(R"({"id":"a","outcome":"fail","reason":"r","observed":")") + observed + "\"}"), "");
  EXPECT_THAT(errorOf(R"({"id":"a","outcome":"fail","observed":"accept","raeson":"r"})"), HasSubstr("\"reason\"?"));
}

}  // namespace
}  // namespace relayproof::result
