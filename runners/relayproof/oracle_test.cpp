#include <gmock/gmock.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "runners/relayproof/test_support.h"

namespace relayproof {
namespace {

using testing::HasSubstr;

class Oracle : public Program {
 protected:
  // The answer to one question against a tenancy of one connector, *.contoso.test.
  Json verdictOn(Json question) const {
    const Json usual = {{"clientIp", "127.0.0.1"}, {"mailFrom", ""}, {"rcptTo", Json::array({"b@elsewhere.test"})}};
    for (const auto& [key, value] : usual.items())
      if (!question.contains(key)) question[key] = value;
    const std::string tenancy =
        file("t.json", R"({"tenants":[{"id":"contoso","acceptedDomains":[{"name":"contoso.test"}],
      "inboundConnectors":[{"name":"c","tlsSenderCertificateName":"*.contoso.test"}]}]})");
    return Json::parse(run("verdict --tenancy " + tenancy, question.dump() + "\n").output);
  }
};

TEST_F(Oracle, ReadsTimesAsRfc3339WritesThem) {
  const auto answerAt = [&](const std::string& at) {
    const Json question = {{"clientIp", "127.0.0.1"}, {"at", at}, {"mailFrom", ""}, {"rcptTo", Json::array()}};
    return run("verdict --tenancy " + file("none.json", R"({"tenants":[]})"), question.dump() + "\n").output;
  };
  for (const char* time :
       {"2026-02-28T23:59:59Z", "2026-02-28T23:59:59.25z", "2026-01-31T12:00:00+23:59", "2024-02-29T00:00:00-00:00",
        "2026-02-28t23:59:59z", "2016-12-31T23:59:60Z", "2016-12-31T15:59:60-08:00"})
    EXPECT_THAT(answerAt(time), HasSubstr("\"recipients\":[]")) << time;
  for (const char* time :
       {"", "now", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-1-31T00:00:00Z", "2026-01-31T24:00:00Z",
        "2026-01-31T12:00:00", "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00.5", "2026-01-31T12:00:00+25:00",
        "2026-01-31T12:00:00+1:00", "2026-01-31T12:00:00+01:60", "2026-01-31T12:00:60Z", "2026-01-31T12:59:61Z",
        "2026-01-31T12:00:00Z ", " 2026-01-31T12:00:00Z"})
    EXPECT_THAT(answerAt(time), HasSubstr("at: is no RFC 3339 time")) << time;
}

TEST_F(Oracle, NamesThePlaceOfEveryBadLineAndReadsTheNext) {
  const std::string good = R"("pattern":"*.contoso.test","presented":"a.contoso.test"})";
  const std::pair<std::string, const char*> rows[] = {
      {R"({"id":0,)" + good, ""},
      {R"({"id":1,"pattern":"*.contoso.test","presented":")" + std::string(10'000'000, 'a') + "\"}", ""},
      {"{\"id\":2,\"pattern\":\"*.contoso.test\",\"presented\":\"\xff\"}", "line 3:1: no valid JSON"},
      {R"({"id":3,"pattern":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}", "nesting deeper than"},
      {R"({"id":4,"pattern":"a.test",)" + good, "the key \"pattern\" stands twice"},
      {R"({"id":5,"patern":"*.contoso.test"})", "patern: unknown key; did you mean \"pattern\"?"},
      {R"({"id":6,"pattern":7,"presented":"x"})", "pattern: must be a string"},
      {R"({"id":7,"pattern":"*.contoso.test"})", "the key \"presented\" is missing"},
      {R"({"id":8,"pattern":"*.contoso.test","presented":"\u20ac.contoso.test"})", "a DNS-ID is octets"},
      {R"({"id":9,"pattern":"*.contoso.test","certificate":"MIIB"})", "certificate 1: no certificate"},
      {R"({"id":10,)" + good + " and more", "no valid JSON"},
      {R"({"id":11,)" + good, ""},
  };
  std::string lines;
  for (const auto& [line, error] : rows) lines += line + "\n";
  const Ran ran = run("match < " + file("lines.jsonl", lines));
  EXPECT_EQ(ran.status, 0);
  std::istringstream answers(ran.output);
  std::string line, last;
  for (int id = 0; std::getline(answers, line); ++id) {
    last = line;
    const Json answer = Json::parse(line);
    EXPECT_EQ(answer["id"], id);
    const std::string error = rows[id].second;
    EXPECT_EQ(answer.contains("error"), !error.empty()) << line;
    EXPECT_THAT(answer.value("error", ""), HasSubstr(error));
  }
  EXPECT_THAT(last, testing::StartsWith(R"({"id":11,"match":true)"));
}

TEST_F(Oracle, AnswersEveryLineAndGoesOnAfterABadOne) {
  const Ran ran = run("match", R"({"id":1,"pattern":"*.contoso.test","presented":"mail.contoso.test"}
no json
{"id":3,"pattern":"*.com","presented":"x.com"}
{"id":4,"pattern":"mail.contoso.test","presented":"mail.contoso.test\u0000.evil.test"}
{"id":5,"pattern":"mail.contoso.test","presentd":"x"}
{"id":6,"pattern":"mail.contoso.test","presented":"mail.contoso.test","kind":"CN"}
)");
  EXPECT_EQ(ran.status, 0);
  std::vector<Json> answers;
  std::istringstream lines(ran.output);
  for (std::string line; std::getline(lines, line);) answers.push_back(Json::parse(line));
  ASSERT_EQ(answers.size(), 6u) << ran.output;
  EXPECT_EQ(answers[0]["match"], true);
  EXPECT_TRUE(answers[1].contains("error"));
  EXPECT_TRUE(answers[2].contains("error"));
  EXPECT_EQ(answers[3]["match"], false);
  EXPECT_EQ(answers[3]["malformed"], true);
  EXPECT_THAT(answers[4]["error"], HasSubstr("did you mean"));
  EXPECT_EQ(answers[5]["match"], true);
  EXPECT_EQ(answers[5]["id"], 6);
}

TEST_F(Oracle, VerdictIsToldWhatAHandshakeFindsOut) {
  file("t.json", R"({"tenants":[{"id":"contoso","acceptedDomains":[{"name":"contoso.test"}],
    "inboundConnectors":[{"name":"c","tlsSenderCertificateName":"*.contoso.test"}]}]})");
  std::string questions;
  for (const char* finding : {R"("revocation":"good")", R"("revocation":"revoked")", R"("revocation":"soon")",
                              R"("commonNameOutsideConstraint":true)", R"("subjectAltNameMalformed":true)"})
    questions += R"({"clientIp":"127.0.0.1","certificate":{"verified":true,"commonNames":["mail.contoso.test"],)" +
                 std::string(finding) + R"(},"mailFrom":"","rcptTo":["b@elsewhere.test"]})" + "\n";
  const Ran ran = run("verdict --profile rfc6125 --tenancy " + file("t.json"), questions);
  EXPECT_EQ(ran.status, 0);
  std::istringstream lines(ran.output);
  std::vector<Json> answers;
  for (std::string line; std::getline(lines, line);) answers.push_back(Json::parse(line));
  ASSERT_EQ(answers.size(), 5U);
  const auto verdicts = [](const Json& answer) {
    std::vector<std::string> found;
    for (const Json& one : answer["recipients"][0]["acceptable"]) found.push_back(one["verdict"]);
    return found;
  };
  EXPECT_THAT(verdicts(answers[0]), testing::ElementsAre("relay"));
  EXPECT_THAT(verdicts(answers[1]), testing::UnorderedElementsAre("deny", "refuse-tls"));
  EXPECT_THAT(answers[2]["error"], HasSubstr("revocation"));
  EXPECT_THAT(verdicts(answers[3]), testing::UnorderedElementsAre("deny", "refuse-tls"));
  EXPECT_THAT(verdicts(answers[4]), testing::UnorderedElementsAre("relay", "deny", "refuse-tls"));
}

TEST_F(Oracle, VerdictDerivesItsAnswer) {
  file("t.json", R"({"tenants":[{"id":"contoso","acceptedDomains":[{"name":"contoso.test"}],
    "inboundConnectors":[{"name":"c","tlsSenderCertificateName":"*.contoso.test"}]}]})");
  const Ran ran = run(
      "verdict --tenancy " + file("t.json"),
      R"({"id":1,"clientIp":"127.0.0.1","certificate":{"verified":true,"commonNames":["mail.contoso.test"],"dnsNames":[]},"mailFrom":"","rcptTo":["b@elsewhere.test","c@contoso.test"]})"
      "\n");
  EXPECT_EQ(ran.status, 0);
  const Json answer = Json::parse(ran.output);
  EXPECT_EQ(answer["recipients"][0]["verdict"], "relay");
  EXPECT_EQ(answer["recipients"][0]["acceptable"][0]["basis"][0], "3b");
  EXPECT_THAT(answer["recipients"][0]["why"], HasSubstr("3b"));
  EXPECT_EQ(answer["recipients"][1]["verdict"], "deliver");
}

TEST_F(Oracle, PurposesAreKnownByTheirNamesAndNumbers) {
  const auto verdictFor = [&](const char* purpose) {
    return verdictOn({{"certificate",
                       {{"verified", true},
                        {"dnsNames", Json::array({"mail.contoso.test"})},
                        {"extendedKeyUsage", Json::array({purpose})}}}});
  };
  for (const char* purpose : {"clientAuth", "1.3.6.1.5.5.7.3.2"})
    EXPECT_EQ(verdictFor(purpose)["recipients"][0]["verdict"], "relay") << purpose;
  const Json any = verdictFor("any");
  EXPECT_EQ(any["recipients"][0]["verdict"], nullptr);
  EXPECT_EQ(verdictFor("anyExtendedKeyUsage"), any);
  EXPECT_EQ(verdictFor("2.5.29.37.0"), any);
  EXPECT_THAT(verdictFor("1.2.3.4").dump(), HasSubstr("not for clients"));
  EXPECT_THAT(verdictFor("ClientAuth")["error"],
              HasSubstr("extendedKeyUsage[0]: is no purpose; did you mean \"clientAuth\"?"));
}

TEST_F(Oracle, PathsStandWithoutTheirBrackets) {
  EXPECT_THAT(verdictOn({{"mailFrom", "<a@contoso.test>"}})["error"], HasSubstr("mailFrom: stands in angle brackets"));
  EXPECT_THAT(verdictOn({{"rcptTo", Json::array({"<Postmaster>"})}})["error"],
              HasSubstr("rcptTo[0]: stands in angle brackets"));
  EXPECT_EQ(verdictOn({{"rcptTo", Json::array({"Postmaster"})}})["recipients"][0]["verdict"], "deliver");
}

TEST_F(Oracle, AChainThatDoesNotVerifySaysWhy) {
  EXPECT_EQ(run("certs --filter names.dns.default --out " + file("set")).status, 0);
  const Json answer = verdictOn({{"certificate", *readFile(file("set/names.dns.default.pem"))}});
  EXPECT_THAT(answer["recipients"][0]["why"], HasSubstr("certificate unverified (unable to get"));
}

TEST_F(Oracle, TellsANameAsItWouldBeAsked) {
  EXPECT_EQ(run("certs --filter 'type-*' --out " + file("set")).status, 0);
  const auto by = [&](const std::string& fixture) {
    const Json question = {{"pattern", "*.contoso.test"}, {"certificate", *readFile(file("set/" + fixture + ".pem"))}};
    return Json::parse(run("match", question.dump() + "\n").output)["by"];
  };
  for (const char* fixture : {"type-bmp", "type-universal", "type-printable"})
    EXPECT_EQ(by(fixture), Json({{"kind", "CN"}, {"value", "mail.contoso.test"}})) << fixture;
}

TEST_F(Oracle, NothingOnALineStopsTheNext) {
  const std::string depths = std::string(200'000, '[') + std::string(200'000, ']');
  std::string keys;
  for (int i = 0; i < 100'000; ++i) keys += ",\"k" + std::to_string(i) + "\":0";
  const Ran ran = run("match < " + file("lines.jsonl", "{\"id\":" + depths + ",\"pattern\":\"a.b\",\"kind\":\"CN\"}\n" +
                                                           "{\"id\":2" + keys + "}\n" +
                                                           R"({"id":3,"pattern":"a.b","presented":"a.b"})" + "\n"));
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.output, HasSubstr("nesting deeper than 64 levels"));
  EXPECT_THAT(ran.output, HasSubstr("{\"id\":2,\"error\":\"line 2: an object has more than 2000 keys\"}"));
  EXPECT_THAT(ran.output, HasSubstr("{\"id\":3,\"match\":true"));
}

}  // namespace
}  // namespace relayproof
