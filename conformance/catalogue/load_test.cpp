#include <gmock/gmock.h>

#include "conformance/catalogue/family.h"
#include "conformance/catalogue/test_support.h"

namespace relayproof::catalogue {
namespace {

using test::Corpus;
using test::smallFamily;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using verdict::Basis;
using verdict::Verdict;

Json familyWith(const char* pointer, const Json& value) {
  Json family = smallFamily();
  family[Json::json_pointer(pointer)] = value;
  return family;
}

TEST(Load, DefaultsApply) {
  const Corpus corpus(smallFamily());
  const Catalogue catalogue = corpus.loaded();
  ASSERT_EQ(catalogue.cases.size(), 6U);
  const Case& one = *catalogue.find("small.exact");
  EXPECT_EQ(one.family, "small");
  EXPECT_EQ(one.fixture, "small.default");
  EXPECT_EQ(one.blueprint, Json::parse(R"({"dns": ["mail.small.test"]})"));
  EXPECT_EQ(one.address, "stranger");
  EXPECT_THAT(one.sources, ElementsAre("rule"));
  EXPECT_THAT(one.tags, ElementsAre("dns-id"));
  EXPECT_EQ(one.since, "0.1");
  ASSERT_EQ(one.transactions.size(), 1U);
  EXPECT_EQ(one.transactions[0].sender, "foreign");
  EXPECT_EQ(one.transactions[0].header, "foreign");
  EXPECT_THAT(one.transactions[0].recipients, ElementsAre("external"));
  EXPECT_EQ(catalogue.find("small.other-name")->title, "other name");
  EXPECT_EQ(catalogue.find("small.nothing")->fixture, std::nullopt);
  EXPECT_TRUE(catalogue.find("small.nothing")->control);
  EXPECT_THAT(catalogue.find("small.nothing")->tags, ElementsAre("dns-id", "control"));
  EXPECT_EQ(catalogue.family("small")->tenants, std::vector<std::string>{"little"});
}

TEST(Load, CertificateIsAPatchOfTheDefault) {
  Json family = smallFamily();
  family["defaults"]["certificate"]["cn"] = "mail.small.test";
  family["cases"]["exact"]["certificate"] = {{"cn", nullptr}, {"extendedKeyUsage", nullptr}, {"key", "rsa2048"}};
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  EXPECT_EQ(catalogue.find("small.exact")->fixture, "small.exact");
  EXPECT_EQ(catalogue.find("small.exact")->blueprint,
            Json::parse(R"({"dns": ["mail.small.test"], "key": "rsa2048", "extendedKeyUsage": null})"));
}

TEST(Load, CertificateOfAnotherCase) {
  Json family = smallFamily();
  family["cases"]["first"] = {
      {"why", "A."}, {"certificate", "second"}, {"expect", {{"all", {"deny"}}}}, {"twin", "exact"}};
  family["cases"]["second"] = {
      {"why", "A."}, {"certificate", "small.other-name"}, {"expect", {{"all", {"deny"}}}}, {"twin", "exact"}};
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  EXPECT_EQ(catalogue.find("small.first")->fixture, "small.other-name");
  EXPECT_EQ(catalogue.find("small.first")->blueprint, Json::parse(R"({"dns": ["other.small.test"]})"));
}

TEST(Load, ListsHaveOneContent) {
  Json family = smallFamily();
  family["lists"] = Json::parse(R"({"a": {"by": "listing"}, "b": {"octets": "\u00e9"}, "c": {"served": "never"}})");
  const Catalogue catalogue = Corpus(family).loaded();
  EXPECT_EQ(catalogue.lists.at("a").by, "listing");
  EXPECT_EQ(catalogue.lists.at("a").served, "whole");
  EXPECT_EQ(catalogue.lists.at("b").octets, "\xE9");
  for (const char* list : {R"({})", R"({"by": "listing", "octets": ""})", R"({"by": "listing", "served": "never"})",
                           R"({"octets": "", "served": "never"})"})
    EXPECT_THAT(Corpus(familyWith("/lists", Json{{"a", Json::parse(list)}})).error(),
                HasSubstr("lists.a: has no content, or two"))
        << list;
}

TEST(Load, AnswersCarryTheOnlyTenant) {
  const Corpus corpus(smallFamily());
  const Catalogue catalogue = corpus.loaded();
  for (const char* profile : {"exo-2017", "exo-2023", "exo-2026", "rfc6125", "strict"}) {
    const ExpectedAnswers relay = catalogue.find("small.exact")->expect.at(profile)[0][0];
    ASSERT_EQ(relay.size(), 1U);
    EXPECT_EQ(relay[0].verdict, Verdict::relay);
    EXPECT_EQ(relay[0].tenant, "little");
    EXPECT_EQ(relay[0].basis, std::set{Basis::b3b});
  }
  const auto& local = catalogue.find("small.local")->expect.at("strict")[0];
  EXPECT_EQ(local[0][0].tenant, "little");
  EXPECT_EQ(local[0][0].basis, std::nullopt);
  EXPECT_EQ(local[1][0].tenant, std::nullopt);
}

TEST(Load, AnswersByProfileTransactionAndRecipient) {
  Json family = smallFamily();
  family["cases"]["several"] = Json::parse(R"({"why": "A.", "certificate": null, "transactions": [
      {"recipients": ["external", "local:little"]}, {"recipients": ["local:little"]}, {"sender": "null"}],
    "expect": {"strict rfc6125": {"local:little": ["deliver"], "1/external": ["deny"], "3": ["deny", "relay"]},
               "all": ["deny"]},
    "twin": {"strict": "exact", "all": "by-address"}})");
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const Case& one = *catalogue.find("small.several");
  const auto& strict = one.expect.at("strict");
  ASSERT_EQ(strict.size(), 3U);
  EXPECT_EQ(strict[0][0][0].verdict, Verdict::deny);
  EXPECT_EQ(strict[0][1][0].verdict, Verdict::deliver);
  EXPECT_EQ(strict[1][0][0].verdict, Verdict::deliver);
  EXPECT_EQ(strict[2][0].size(), 2U);
  EXPECT_EQ(one.expect.at("exo-2017")[0][1][0].verdict, Verdict::deny);
  EXPECT_EQ(one.transactions[2].sender, "null");
  EXPECT_EQ(catalogue.twinOf(one, "strict")->id, "small.exact");
  EXPECT_EQ(catalogue.twinOf(one, "exo-2026")->id, "small.by-address");
  EXPECT_EQ(catalogue.twinOf(one, "a-user's-own")->id, "small.by-address");
}

TEST(Load, LinesAreThoseOfTheFile) {
  const auto lines = linesOfCases("{\"x\": {\"cases\": 1},\n\"cases\": {\n \"a\": {\"b\": \"}\\\"\"},\n\n \"c\" :{}}}");
  EXPECT_EQ(lines, (std::map<std::string, int>{{"a", 3}, {"c", 5}}));
}

TEST(Load, AKeyMayBeWrittenWithAnEscape) {
  const Corpus corpus;
  std::string text = smallFamily().dump(1);
  text.replace(text.find("\"by-address\": "), 3, "\"b\\u0079");
  corpus.write("cases/small.json", text);
  EXPECT_EQ(corpus.loaded().find("small.by-address")->line, 1);
}

TEST(Load, DigestFollowsEveryFile) {
  const Corpus corpus(smallFamily());
  const std::string digest = corpus.loaded().digest;
  EXPECT_THAT(digest, AllOf(StartsWith("sha256:"), testing::SizeIs(7 + 64)));
  EXPECT_EQ(corpus.loaded().digest, digest);
  corpus.add(familyWith("/cases/exact/why", "Another word."));
  EXPECT_NE(corpus.loaded().digest, digest);
}

TEST(Load, PrivateCasesStandBesideTheShippedOnes) {
  const Corpus corpus(smallFamily());
  const Corpus theirs;
  theirs.write("cases/private.json", R"({"family": "private", "title": "P", "cases": {"mine": {"why": "A.",
    "sources": ["our-own"], "certificate": "small.exact", "expect": {"all": ["relay little"]}}}})");
  const auto catalogue = corpus.load({theirs.folder() + "/cases"});
  ASSERT_TRUE(catalogue) << catalogue.error().text();
  EXPECT_EQ(catalogue->find("private.mine")->fixture, "small.default");
  EXPECT_THAT(catalogue->find("private.mine")->file, HasSubstr(theirs.folder()));
}

struct Fault {
  const char* pointer;
  const char* value;
  const char* error;
};

class LoadRefuses : public testing::TestWithParam<Fault> {};

TEST_P(LoadRefuses, WithPlaceKeyAndMend) {
  const Corpus corpus(familyWith(GetParam().pointer, Json::parse(GetParam().value)));
  EXPECT_THAT(corpus.error(), HasSubstr(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    Faults, LoadRefuses,
    testing::Values(
        Fault{"/familly", "1", "cases/small.json: familly: unknown key; did you mean \"family\"?"},
        Fault{"/cases/exact/whyy", "1", "cases.exact.whyy: unknown key; did you mean \"why\"?"},
        Fault{"/cases/exact/why", "\"  \"", "cases.exact.why: is empty; say in a sentence"},
        Fault{"/cases/exact/why", "\"No period\"", "cases.exact.why: ends without a period; say in a sentence"},
        Fault{"/cases/exact/sources", "[]", "cases.exact: the key \"sources\" is missing; name the source"},
        Fault{"/cases/exact/expect", "{\"strict\": [\"deny\"]}",
              "cases.exact.expect: the profile exo-2017 has no answer; name it, or add \"all\""},
        Fault{"/cases/exact/expect", "{\"strct\": [\"deny\"]}", "unknown profile \"strct\"; known: all, exo-2017"},
        Fault{"/cases/exact/expect", "{\"strict strict\": [\"deny\"]}", "names the profile strict a second time"},
        Fault{"/cases/exact/expect/all", "[\"accept\"]", "cases.exact.expect.all[0]: \"accept\" is no answer"},
        Fault{"/cases/exact/expect/all", "[\"deny little\"]", "deny has neither tenant nor basis"},
        Fault{"/cases/exact/expect/all", "[\"relay big\"]", "unknown tenant \"big\"; the family has: little"},
        Fault{"/cases/exact/expect/all", "[\"relay little 3c\"]", "\"3c\" is no basis of relay; only relay has"},
        Fault{"/cases/exact/expect/all", "[\"deliver 3a\"]", "\"3a\" is no basis of deliver"},
        Fault{"/cases/exact/expect/all", "[]", "cases.exact.expect.all: holds no answer"},
        Fault{"/cases/exact/expect/all", "{\"2\": [\"deny\"]}", "recipient \"external\" of transaction 1 has no"},
        Fault{"/cases/exact/expect/all", "{\"1\": [\"relay\"], \"2\": [\"deny\"]}",
              "cases.exact.expect.all.2: no recipient takes this answer; keys are"},
        Fault{"/cases/other-name/twin", "null", "cases.other-name: a denial under exo-2017 has no twin; add \"twin\""},
        Fault{"/cases/other-name/twin", "\"exakt\"", "cases.other-name.twin: there is no case small.exakt"},
        Fault{"/cases/other-name/twin", "\"other-name\"", "cases.other-name.twin: is the case itself"},
        Fault{"/cases/exact/certificate", "\"nobody\"", "cases.exact.certificate: there is no case small.nobody"},
        Fault{"/cases/exact/certificate", "\"exact\"", "the case small.exact leads back to this one"},
        Fault{"/cases/exact/certificate", "\"nothing\"", "the case small.nothing presents no certificate"},
        Fault{"/cases/exact/certificate", "7", "cases.exact.certificate: must be an object, null, or the name"},
        Fault{"/cases/exact/address", "\"small-gatway\"", "cases.exact.address: unknown address \"small-gatway\"; did"},
        Fault{"/cases/exact/sender", "\"nobody\"", "\"nobody\" is neither a label nor an address; write foreign"},
        Fault{"/cases/exact/header", "\"null\"", "cases.exact.header: \"null\" is neither a label nor an address"},
        Fault{"/cases/exact/recipients", "[\"local:big\"]", "unknown tenant \"big\"; known: little"},
        Fault{"/cases/exact/recipients", "[]", "cases.exact.recipients: holds no recipient"},
        Fault{"/cases/exact/transactions", "[]", "cases.exact.transactions: holds no transaction"},
        Fault{"/cases/exact/transactions", "[{\"steps\": []}]", "cases.exact.transactions[0].steps: unknown key"},
        Fault{"/cases/exact/body", "\"\\u0100\"", "cases.exact.body: holds a character beyond U+00FF"},
        Fault{"/cases/exact/body", "{\"lines\": 0}", "cases.exact.body.lines: must be"},
        Fault{"/cases/exact/body", "{\"line\": 1}", "cases.exact.body.line: unknown key"},
        Fault{"/cases/exact/period", "{\"from\": 1, \"until\": 0}", "cases.exact.period: ends before it begins"},
        Fault{"/cases/exact/tls", "\"1.1\"", "cases.exact.tls: unknown value \"1.1\""},
        Fault{"/cases/exact", "{\"why\": \"A.\", \"tls\": \"none\", \"certificate\": {}, \"expect\": {}}",
              "a plaintext session presents no certificate; leave out certificate or tls"},
        Fault{"/cases/exact/steps", "[\"startls\"]", "cases.exact.steps[0]: unknown value \"startls\"; did you mean"},
        Fault{"/cases/exact/steps", "[\"starttls\"]", "cases.exact.steps: transaction 1 is never sent; add the step"},
        Fault{"/cases/exact/steps", "[\"beside quit\"]", "steps[0]: is of no session; write \"beside\""},
        Fault{"/cases/exact/transactions", "[{\"beside\": true}]", "transactions[0].beside: there is no such session"},
        Fault{"/cases/exact/beside", "{}", "cases.exact.beside: is opened by no step; write \"steps\" that begin"},
        Fault{"/cases/exact/steps", "[\"mail:2\"]", "names a transaction that is not there; the case has 1"},
        Fault{"/cases/exact/steps", "[\"ehlo\", \"connect\"]", "steps[1]: a session connects once"},
        Fault{"/cases/exact/steps", "[\"drop\", \"plain dialogue\"]", "steps[0]: nothing can be played after it"},
        Fault{"/cases/exact/steps", "[{\"expect\": \"6yz\"}]", "steps[0].expect: \"6yz\" is no class of reply"},
        Fault{"/cases/exact/steps", "[{\"expect\": 99}]", "must be a whole number from 200 to 599"},
        Fault{"/cases/exact/steps", "[{\"check\": \"x\"}]", "steps[0]: is no step; a step is a word, or an object"},
        Fault{"/cases/exact/steps", "[{\"send\": [\"x\"], \"segment\": \"all\"}]", "steps[0].segment: unknown value"},
        Fault{"/cases/exact/steps", "[{\"send\": [\"\\u0100\"]}]", "steps[0].send[0]: holds a character beyond"},
        Fault{"/cases/Upper", "{}", "cases.Upper: is no name of a case; write lower-case words"},
        Fault{"/cases/a--b", "{}", "cases.a--b: is no name of a case"},
        Fault{"/cases/a.b", "{}", "cases.a.b: is no name of a case"},
        Fault{"/defaults/certificate", "\"exact\"", "defaults.certificate: must be an object"},
        Fault{"/defaults/steps", "[]", "defaults.steps: unknown key"},
        Fault{"/addresses/small-gateway", "\"127.0.0\"", "addresses.small-gateway: \"127.0.0\" is no IPv4 address"},
        Fault{"/addresses/stranger", "\"127.0.0.9\"", "the address stranger stands twice"},
        Fault{"/tenants/1", R"({"id": "little"})", "tenants[1].id: the tenant little stands twice"},
        Fault{"/tenants/0/inboundConnectors/1/senderIPAddresses", "[\"{other}\"]",
              "tenants[0].inboundConnectors[1].senderIPAddresses[0]: unknown address \"other\""},
        Fault{"/tenants/0/inboundConnectors/1/senderIPAddresses", "[\"{small-gateway}/8\"]",
              "cases/small.json: tenants[0].inboundConnectors[1].senderIPAddresses[0]:"},
        Fault{"/tenants/0/inboundConnectors/0/tlsSenderCertificateName", "\"*.test\"",
              "tenants[0].inboundConnectors[0].tlsSenderCertificateName:"}));

TEST(Load, ErrorsNameTheLine) {
  const Corpus corpus(familyWith("/cases/exact/why", ""));
  // dump(1) of the family writes a member a line, so the case's line is where its key stands.
  const std::string text = familyWith("/cases/exact/why", "").dump(1);
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<long>(text.find("\"exact\": {")), '\n');
  EXPECT_THAT(corpus.error(), StartsWith("cases/small.json:" + std::to_string(line) + ": cases.exact.why: "));
}

TEST(Load, FamilyIsTheFilesName) {
  const Corpus corpus;
  corpus.write("cases/big.json", smallFamily().dump());
  EXPECT_EQ(corpus.error(),
            "cases/big.json: family: \"small\" is not the file's name; write \"big\" or rename the file");
}

TEST(Load, FamiliesDoNotShareADomain) {
  const Corpus corpus(smallFamily());
  corpus.write("cases/two.json", R"({"family": "two", "title": "T", "cases": {},
    "tenants": [{"id": "second", "acceptedDomains": [{"name": "small.test"}]}]})");
  EXPECT_THAT(corpus.error(), AllOf(HasSubstr("\"small.test\""), HasSubstr("little")));
}

TEST(Load, MissingAndMalformedFiles) {
  EXPECT_THAT(load("/nonexistent").error().text(), HasSubstr("/nonexistent"));
  const Corpus empty;
  EXPECT_THAT(empty.error(), HasSubstr("holds no .json file; name a folder of case files"));
  const Corpus corpus;
  corpus.write("cases/small.json", "{\n\"family\": }");
  EXPECT_THAT(corpus.error(), StartsWith("cases/small.json:2: no valid JSON"));
  const Corpus sources(smallFamily());
  sources.write("sources.json", R"({"schema": "relayproof.sources/1", "sources": {"a": {"document": "D"}}})");
  EXPECT_EQ(sources.error(), "sources.json: sources.a: the key \"kind\" is missing");
}

}  // namespace
}  // namespace relayproof::catalogue
