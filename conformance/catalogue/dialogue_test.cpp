#include "conformance/catalogue/dialogue.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include "conformance/catalogue/test_support.h"

namespace relayproof::catalogue {
namespace {

using test::Corpus;
using test::smallFamily;
using testing::HasSubstr;
using testing::Not;

// The steps as a line that a person can read: "connect ehlo starttls ehlo mail0 content0 quit".
std::string spoken(const std::vector<wire::Step>& steps) {
  using wire::step::Part;
  struct Speaker {
    std::string operator()(const wire::step::Connect& s) const {
      return s.first.empty() ? "connect" : "connect(" + s.first + ")";
    }
    std::string operator()(const wire::step::Ehlo&) const { return "ehlo"; }
    std::string operator()(const wire::step::StartTls&) const { return "starttls"; }
    std::string operator()(const wire::step::Handshake&) const { return "tls"; }
    std::string operator()(const wire::step::Send& s) const { return "send(" + s.octets + ")"; }
    std::string operator()(const wire::step::Expect& s) const {
      return fmt::format("expect({};{})", fmt::join(s.wanted, "|"), s.check);
    }
    std::string operator()(const wire::step::Mail& s) const { return fmt::format("mail{}", s.transaction); }
    std::string operator()(const wire::step::Content& s) const {
      const char* part = s.part == Part::beginning ? "begin-" : s.part == Part::rest ? "end-" : "";
      return fmt::format("{}content{}", part, s.transaction);
    }
    std::string operator()(const wire::step::Rset&) const { return "rset"; }
    std::string operator()(const wire::step::NoReply& s) const {
      return fmt::format("silence({};{})", s.check, s.milliseconds);
    }
    std::string operator()(const wire::step::Withholds& s) const {
      return fmt::format("withholds({};{})", s.keyword, s.check);
    }
    std::string operator()(const wire::step::Requires& s) const { return fmt::format("requires({})", s.keyword); }
    std::string operator()(const wire::step::EndsInCrlf& s) const { return fmt::format("crlf({})", s.check); }
    std::string operator()(const wire::step::Pause& s) const { return fmt::format("pause({})", s.milliseconds); }
    std::string operator()(const wire::step::HalfClose&) const { return "half-close"; }
    std::string operator()(const wire::step::Drop&) const { return "drop"; }
    std::string operator()(const wire::step::Renegotiate&) const { return "renegotiate"; }
    std::string operator()(const wire::step::Quit&) const { return "quit"; }
    std::string operator()(const wire::step::Beside& s) const { return "[" + spoken(s.steps) + "]"; }
  };
  std::vector<std::string> words;
  for (const wire::Step& step : steps) words.push_back(std::visit(Speaker{}, step));
  return fmt::format("{}", fmt::join(words, " "));
}

std::string script(const char* steps, std::size_t transactions = 1, const std::string& tls = "") {
  Case one;
  one.id = "f.c";
  one.family = "f";
  one.tls = tls;
  one.transactions.resize(transactions);
  for (const Json& step : Json::parse(steps)) one.steps.push_back(step);
  return spoken(readSteps(one, "us.example", "T1"));
}

TEST(Dialogue, PlainByDefault) {
  EXPECT_EQ(script("[]"), "connect ehlo starttls ehlo mail0 content0 quit");
  EXPECT_EQ(script("[]", 2), "connect ehlo starttls ehlo mail0 content0 mail1 content1 quit");
  EXPECT_EQ(script("[]", 1, "none"), "connect ehlo mail0 content0 quit");
  EXPECT_EQ(script("[]", 1, "1.2"), "connect ehlo starttls ehlo mail0 content0 quit");
}

TEST(Dialogue, PlainDialogueDoesWhatIsMissing) {
  EXPECT_EQ(script(R"(["connect", "plain dialogue"])"), "connect ehlo starttls ehlo mail0 content0 quit");
  EXPECT_EQ(script(R"(["starttls", "plain dialogue"])"), "connect ehlo starttls ehlo mail0 content0 quit");
  EXPECT_EQ(script(R"(["starttls", "ehlo", "plain dialogue"])"), "connect ehlo starttls ehlo mail0 content0 quit");
  EXPECT_EQ(script(R"(["starttls", "ehlo", "mail", "content", "plain dialogue"])", 2),
            "connect ehlo starttls ehlo mail0 content0 mail1 content1 quit");
  EXPECT_EQ(script(R"(["starttls", "ehlo", "mail:2", "plain dialogue"])", 2),
            "connect ehlo starttls ehlo mail1 content1 mail0 content0 quit");
}

// The second of two transactions is that of the session beside.
std::string besideScript(const char* steps, const std::string& tls = "") {
  Case one;
  one.id = "f.c";
  one.family = "f";
  one.beside.emplace().tls = tls;
  one.transactions.resize(2);
  one.transactions[1].beside = true;
  for (const Json& step : Json::parse(steps)) one.steps.push_back(step);
  return spoken(readSteps(one, "us.example", "T1"));
}

TEST(Dialogue, AnotherSessionGoesOnBeside) {
  EXPECT_EQ(besideScript(R"(["starttls", "ehlo", "beside starttls", "beside mail:2", "plain dialogue"])"),
            "connect ehlo starttls ehlo [connect ehlo starttls] [mail1] mail0 content0 quit");
  EXPECT_EQ(besideScript(R"(["beside connect", "beside plain dialogue", "plain dialogue"])"),
            "connect ehlo [connect] [ehlo starttls ehlo mail1 content1 quit] starttls ehlo mail0 content0 quit");
  EXPECT_EQ(besideScript(R"(["beside plain dialogue", "mail", "begin-content", "end-content"])", "none"),
            "connect ehlo [connect ehlo mail1 content1 quit] mail0 begin-content0 end-content0");
  EXPECT_THROW(besideScript(R"(["mail:2"])"), Error);
  EXPECT_THROW(besideScript(R"(["beside mail:1"])"), Error);
  EXPECT_THROW(besideScript(R"(["beside beside quit"])"), Error);
  EXPECT_THROW(script(R"(["beside quit"])"), Error);
}

TEST(Dialogue, AClientMayTalkBeforeTheGreeting) {
  EXPECT_EQ(script(R"([{"connect": ["a", "b"]}, "plain dialogue"])", 1, "none"),
            "connect(ab) ehlo mail0 content0 quit");
  EXPECT_THROW(script(R"(["ehlo", {"connect": ["a"]}])"), Error);
}

TEST(Dialogue, TheStepsOfASessionBesideAreItsOwn) {
  Case one;
  one.id = "f.c";
  one.family = "f";
  one.beside.emplace();
  one.transactions.resize(1);
  for (const char* word : {"starttls", "beside starttls", "ehlo", "beside quit"}) one.steps.emplace_back(word);
  const auto sessions = bySession(readSteps(one, "us.example", "T1"));
  ASSERT_EQ(sessions.size(), 2U);
  EXPECT_EQ(spoken(sessions[0]), "connect ehlo starttls ehlo");
  EXPECT_EQ(spoken(sessions[1]), "connect ehlo starttls quit");
  EXPECT_FALSE(needsStartTls(one));
  one.steps.insert(one.steps.begin(), "beside ehlo");
  EXPECT_TRUE(needsStartTls(one)) << "says EHLO twice in the clear";
}

TEST(Dialogue, AnOpenTransactionIsForgottenByRsetEhloAndTls) {
  EXPECT_EQ(script(R"(["mail", "plain dialogue"])", 1, "none"), "connect ehlo mail0 content0 quit");
  EXPECT_EQ(script(R"(["mail", "rset", "plain dialogue"])", 1, "none"), "connect ehlo mail0 rset mail0 content0 quit");
  EXPECT_EQ(script(R"(["mail", "starttls", "plain dialogue"])"),
            "connect ehlo mail0 starttls ehlo mail0 content0 quit");
}

TEST(Dialogue, RawStepsWithPlaceholders) {
  EXPECT_EQ(script(R"([{"send": ["EHLO {ehlo}\r\n", "x{token}y"]}, {"expect": 220}, "half-close", {"pause": 5}])"),
            "connect ehlo send(EHLO us.example\r\nxT1y) expect(220;) half-close pause(5)");
  EXPECT_EQ(script(R"([{"send": ["a", "b"], "segment": "each"}, {"expect": ["2yz", 503], "check": "c"},
                       {"no-reply": "n", "for": 200}, "tls", "quit"])"),
            "connect ehlo send(a) send(b) expect(2yz|503;c) silence(n;200) tls quit");
  EXPECT_EQ(
      script(R"([{"withholds": "STARTTLS", "check": "w"}, {"requires": "CHUNKING"}, {"ends-in-crlf": "e"}, "quit"])"),
      "connect ehlo withholds(STARTTLS;w) requires(CHUNKING) crlf(e) quit");
}

TEST(Dialogue, OctetsOfAJsonString) {
  const Json raw = Json::parse(R"("a\u0000\u007f\u0080\u00ff")");
  EXPECT_EQ(octets(Node(raw, "", "")), std::string("a\0\x7f\x80\xff", 5));
}

TEST(Dialogue, ABodyOfSoManyLines) {
  Json family = smallFamily();
  family["cases"]["long"] = Json::parse(R"({"why": "A.", "body": {"lines": 1000}, "expect": {"all": ["relay"]}})");
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const std::string& body = catalogue.find("small.long")->transactions[0].body;
  EXPECT_EQ(body.size(), 64000U);
  EXPECT_EQ(body.substr(0, 12) + body.substr(body.size() - 2), "000001 .....\r\n");
}

TEST(Dialogue, ABodyOfLinesOfOneTextAndWhatFollowsThem) {
  Json family = smallFamily();
  family["cases"]["long"] =
      Json::parse(R"({"why": "A.", "body": {"lines": 2, "of": ".a", "then": "b\n"}, "expect": {"all": ["relay"]}})");
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  EXPECT_EQ(catalogue.find("small.long")->transactions[0].body, ".a\r\n.a\r\nb\n");
}

TEST(Dialogue, WhatGoesBeyondRcptByItself) {
  Json family = smallFamily();
  Json& cases = family["cases"];
  cases["raw"] = cases["chunk"] = cases["rset"] = cases["behind"] = cases["anew"] =
      Json::parse(R"({"why": "A.", "expect": {"all": ["relay"]}})");
  cases["raw"]["steps"] = {"starttls", Json::parse(R"({"send": ["NOOP\r\nDATA\r\n"]})"), "plain dialogue"};
  cases["chunk"]["steps"] = {"starttls", Json::parse(R"({"send": ["BDAT 5\r\nhello"]})"), "plain dialogue"};
  cases["rset"]["steps"] = {"starttls", Json::parse(R"({"send": ["RSET\r\n"]})"), "plain dialogue"};
  const Json recipient = Json::parse(R"({"send": ["RCPT TO:<a@b.example>\r\n"]})");
  cases["behind"]["steps"] = {"starttls", "ehlo", "mail", "content", recipient, "quit"};
  cases["anew"]["steps"] = {"starttls", "ehlo", "mail", "content", "rset", recipient, "quit"};
  cases["hidden"] =
      Json::parse(R"({"why": "A.", "transactions": [{}, {"smuggled": true, "recipients": ["a@b.example"]}],
    "expect": {"all": {"1": ["relay"], "2": ["deny"]}}, "twin": "exact"})");
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const auto sends = [&](const char* id) { return sendsContent(*catalogue.find(id)); };
  EXPECT_TRUE(sends("small.raw"));
  EXPECT_TRUE(sends("small.chunk"));
  EXPECT_TRUE(sends("small.hidden"));
  EXPECT_TRUE(sends("small.behind")) << "a message that noData holds back leaves its transaction open";
  EXPECT_FALSE(sends("small.anew"));
  EXPECT_FALSE(sends("small.rset"));
  EXPECT_FALSE(sends("small.exact"));
}

TEST(Dialogue, HeaderLinesOfSuchANumber) {
  Json family = smallFamily();
  family["cases"]["exact"]["headers"] = {Json{{"lines", 3}}, "X-Tenant: a"};
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const std::string message = transactionsOf(*catalogue.find("small.exact"), catalogue, {}, "T1").at(0).message;
  EXPECT_EQ(message.find("X-Tenant: a\r\nFrom: "), 3U * 64);
  EXPECT_THAT(message, testing::StartsWith("X-Filler: 000001 ...."));
}

TEST(Dialogue, SmuggledTransactionsAreNotPlayed) {
  Json family = smallFamily();
  family["cases"]["hidden"] = Json::parse(R"({"why": "A.", "body": "a\n.\nMAIL FROM:<{token}@foreign.example>\u00e9",
    "transactions": [{}, {"smuggled": true, "recipients": ["{token}-inner@elsewhere.example"]}],
    "expect": {"all": {"1": ["relay"], "2": ["deny"]}}, "twin": "exact"})");
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const Case& one = *catalogue.find("small.hidden");
  EXPECT_EQ(spoken(stepsOf(one, catalogue, {}, "T1")), "connect ehlo starttls ehlo mail0 content0 quit");
  const auto transactions = transactionsOf(one, catalogue, {}, "T1");
  ASSERT_EQ(transactions.size(), 2U);
  EXPECT_THAT(transactions[0].message, testing::EndsWith("\r\n\r\na\n.\nMAIL FROM:<T1@foreign.example>\xe9"));
  EXPECT_EQ(transactions[1].recipients[0], "T1-inner@elsewhere.example");
  Case playing = one;
  playing.steps = {"mail:2"};
  EXPECT_THROW(readSteps(playing, "x", "T1"), Error);
}

TEST(Dialogue, LabelsStandForAddresses) {
  const Corpus corpus(smallFamily());
  const Catalogue catalogue = corpus.loaded();
  const auto of = [&](const Bindings& bindings, const char* label, bool asSender) {
    return address(catalogue, bindings, label, asSender, "T1");
  };
  EXPECT_EQ(of({}, "foreign", true), "T1@foreign.example");
  EXPECT_EQ(of({}, "null", true), "");
  EXPECT_EQ(of({}, "external", false), "T1@elsewhere.example");
  EXPECT_EQ(of({}, "local:little", false), "T1@mail.small.test");
  EXPECT_EQ(of({}, "Postmaster", false), "Postmaster");
  EXPECT_EQ(of({}, "\"{token}@x\"@[127.0.0.1]", true), "\"T1@x\"@[127.0.0.1]");
  Bindings bindings;
  bindings.senders["foreign"] = "someone+{token}@lab.example";
  bindings.recipients["local:little"] = "desk@small.test";
  EXPECT_EQ(of(bindings, "foreign", true), "someone+T1@lab.example");
  EXPECT_EQ(of(bindings, "foreign", false), "T1@foreign.example");
  EXPECT_EQ(of(bindings, "local:little", false), "desk@small.test");
  EXPECT_EQ(of(bindings, "local:little", true), "T1@mail.small.test");
  EXPECT_EQ(clientAddress(catalogue, bindings, "small-gateway"), "127.0.99.5");
  bindings.addresses["small-gateway"] = "192.0.2.7";
  EXPECT_EQ(clientAddress(catalogue, bindings, "small-gateway"), "192.0.2.7");
}

TEST(Dialogue, MessagesCarryTokenAndHeaders) {
  Json family = smallFamily();
  family["cases"]["exact"]["headers"] = {"X-Tenant: {token}"};
  family["cases"]["exact"]["mailParameters"] = " AUTH=<{token}@small.test>";
  family["cases"]["exact"]["header"] = "local:little";
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  Bindings bindings;
  const auto one = transactionsOf(*catalogue.find("small.exact"), catalogue, bindings, "T1").at(0);
  EXPECT_EQ(one.mailFrom, "T1@foreign.example");
  EXPECT_EQ(one.mailParameters, " AUTH=<T1@small.test>");
  EXPECT_THAT(one.message, HasSubstr("From: <T1@mail.small.test>\r\n"));
  EXPECT_THAT(one.message, HasSubstr("X-Relayproof-Token: T1\r\n"));
  EXPECT_THAT(one.message, testing::StartsWith("X-Tenant: T1\r\nFrom: "));
  EXPECT_THAT(one.message, Not(HasSubstr("Date:")));
  EXPECT_THAT(one.message, HasSubstr("\r\n\r\nsmall.exact\r\nT1\r\n"));
  bindings.date = "Thu, 01 Jan 2026 00:00:00 +0000";
  bindings.ehlo = "{token}.lab.example";
  EXPECT_THAT(transactionsOf(*catalogue.find("small.exact"), catalogue, bindings, "T1").at(0).message,
              HasSubstr("\r\nDate: Thu, 01 Jan 2026 00:00:00 +0000\r\n"));
  const auto steps = stepsOf(*catalogue.find("small.exact"), catalogue, bindings, "T1");
  EXPECT_EQ(std::get<wire::step::Ehlo>(steps.at(1)).name, "T1.lab.example");
}

TEST(Dialogue, MessagesOfOtherForms) {
  Json family = smallFamily();
  family["cases"]["exact"]["headers"] = {"X-Last: a"};
  family["cases"]["exact"]["headersLast"] = true;
  family["cases"]["exact"]["transactions"] =
      Json::parse(R"([{"body": null}, {}, {"sameAgain": true}, {"empty": true}])");
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const auto all = transactionsOf(*catalogue.find("small.exact"), catalogue, {}, "T1");
  EXPECT_THAT(all.at(0).message, testing::EndsWith("X-Relayproof-Token: T1\r\nX-Last: a\r\n"));
  EXPECT_THAT(all.at(1).message, HasSubstr("X-Last: a\r\n\r\nsmall.exact\r\nT1\r\nmessage 2\r\n"));
  EXPECT_EQ(all.at(2).message, all.at(0).message);
  EXPECT_EQ(all.at(3).message, "");
}

TEST(Dialogue, CommandsOfOtherForms) {
  Json family = smallFamily();
  family["cases"]["exact"]["transactions"] = Json::parse(R"([{"lowerCase": true, "bdat": "leading-zeros"}, {}])");
  family["cases"]["exact"]["steps"] =
      Json::parse(R"(["connect", {"pause": 5, "hear": true}, {"pause": 5}, "plain dialogue"])");
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const Case& one = *catalogue.find("small.exact");
  const auto all = transactionsOf(one, catalogue, {}, "T1");
  EXPECT_TRUE(all.at(0).lowerCase);
  EXPECT_EQ(all.at(0).chunks, wire::Chunks::leadingZeros);
  EXPECT_FALSE(all.at(1).lowerCase);
  const auto steps = stepsOf(one, catalogue, {}, "T1");
  EXPECT_TRUE(std::get<wire::step::Pause>(steps.at(1)).hears);
  EXPECT_FALSE(std::get<wire::step::Pause>(steps.at(2)).hears);
}

}  // namespace
}  // namespace relayproof::catalogue
