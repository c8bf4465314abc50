#include "certs/domain_map.h"

#include <gmock/gmock.h>

namespace relayproof::certs {
namespace {

using testing::HasSubstr;

DomainMap mapOf(const char* json) {
  return readDocument(json, "map.json", [](const Node& node) { return DomainMap(node); }).value();
}

const DomainMap& shorter() {
  static const DomainMap map = mapOf(R"({"contoso.test":"lab.example"})");
  return map;
}

std::string mapped(const char* text) { return shorter().applied(Json(text)).get<std::string>(); }

TEST(DomainMap, ReachesADomainWhereverItStands) {
  EXPECT_EQ(mapped("contoso.test"), "lab.example");
  EXPECT_EQ(mapped("*.mail.contoso.test."), "*.mail.lab.example.");
  EXPECT_EQ(mapped("evilcontoso.tests"), "evillab.examples");
  EXPECT_EQ(mapped("a.contoso.test, b.contoso.test"), "a.lab.example, b.lab.example");
  EXPECT_EQ(mapped("MAIL.CONTOSO.TEST"), "MAIL.LAB.EXAMPLE");
  EXPECT_EQ(mapped("Mail.Contoso.Test"), "Mail.Lab.Example");
  EXPECT_EQ(mapped("contosa.test"), "contosa.test");
  EXPECT_EQ(shorter().applied(Json::parse(R"({"contoso.test":["a@contoso.test",1]})")).dump(),
            R"({"contoso.test":["a@lab.example",1]})");
}

TEST(DomainMap, TheLongerOfTwoIsMeant) {
  const DomainMap map = mapOf(R"({"names.test":"a.example.net","hostile-names.test":"b.example.net"})");
  EXPECT_EQ(map.applied(Json("mail.hostile-names.test mail.names.test")), "mail.b.example.net mail.a.example.net");
}

TEST(DomainMap, LongLabelsMakeUpForLengths) {
  const DomainMap longer = mapOf(R"({"contoso.test":"corp-of-ours.example.net"})");
  const auto size = [](const DomainMap& map, const std::string& text) {
    return map.applied(Json(text)).get<std::string>().size();
  };
  for (const DomainMap* map : {&shorter(), &longer}) {
    const std::string cut = "hosthosthosthosthos.contoso.test";
    ASSERT_EQ(cut.size(), 32U);
    EXPECT_EQ(size(*map, cut), 32U);
    EXPECT_EQ(size(*map, cut + ".evil.test"), 32U + std::string(".evil.test").size());
    std::string longest = "contoso.test";
    while (longest.size() < 253)
      longest = std::string(std::min<std::size_t>(60, 252 - longest.size()), 'a') + "." + longest;
    EXPECT_EQ(size(*map, longest), 253U);
    EXPECT_EQ(map->broken(Json(longest), map->applied(Json(longest))), std::nullopt);
  }
}

TEST(DomainMap, SaysWhatItBreaks) {
  const auto why = [](const char* blueprint) {
    const Json before = Json::parse(blueprint);
    return shorter().broken(before, shorter().applied(before)).value_or("");
  };
  EXPECT_EQ(why(R"({"cn":"mail.contoso.test","dns":["evilcontoso.test","relay.elsewhere.test"]})"), "");
  for (const char* alike :
       {"mail.contosa.test", "mail.contosoxtest", "mail.contoso.tes", "mail.con\\u0000toso.test",
        "mail.c\u043entoso.test", "mail.xn--cntoso-wqf.test", "mail.contoso.example", "test.contoso.mail", "*.test",
        "mail.*.test", "\u0163\u016f\u016e\u0174\u016f\u0173\u016f.test"})
    EXPECT_EQ(why((R"({"dns":[")" + std::string(alike) + R"("]})").c_str()),
              "it holds what only resembles contoso.test and cannot follow it")
        << alike;
  EXPECT_THAT(why(R"({"dns":[{"hex":"636f6e746f736f2e74657374"}]})"), HasSubstr("written out spell contoso.test"));
  EXPECT_THAT(why(R"({"san":[{"tagged":{"tag":"82","length":"0c","value":"contoso.test"}}]})"), HasSubstr("a length"));
  EXPECT_THAT(why(R"({"cn":{"tagged":{"tag":"1e","value":"contoso.test"}}})"), HasSubstr("two or four"));
  EXPECT_THAT(why(R"({"san":[{"many":{"count":2400,"dns":"host{n}.contoso.test"}}]})"), HasSubstr("thousands"));
  EXPECT_THAT(why(("{\"cn\":\"mail.contoso.test." + std::string(300, 'e') + "\"}").c_str()), HasSubstr("318 octets"));
}

TEST(DomainMap, RefusesWhatIsNoMap) {
  const auto error = [](const char* json) {
    return readDocument(json, "map.json", [](const Node& node) { return DomainMap(node); }).error().text();
  };
  EXPECT_THAT(error(R"({"contoso.test":"lab"})"), HasSubstr("map.json: contoso.test: \"lab\" is no domain"));
  EXPECT_THAT(error(R"({"contoso.test":"l\u00e4b.example"})"), HasSubstr("a U-label as its A-label"));
  EXPECT_THAT(error(R"({"contoso.test":"192.0.2.1"})"), HasSubstr("is no domain"));
  EXPECT_THAT(error(R"({"contoso.com":"lab.example"})"), HasSubstr("is no domain that the cases are written with"));
  EXPECT_THAT(error(R"({"a.test":"lab.example","b.test":"b.lab.example"})"), HasSubstr("one below the other"));
}

TEST(DomainMap, IsHeldAgainstTheDocuments) {
  const Json document = Json::parse(R"(["mail.contoso.test","x.notcontosa.test","a@taken.example"])");
  EXPECT_EQ(shorter().faultIn({&document}), std::nullopt);
  EXPECT_THAT(mapOf(R"({"contosa.test":"lab.example"})").faultIn({&document})->text(), HasSubstr("nothing here names"));
  EXPECT_THAT(mapOf(R"({"contoso.test":"taken.example"})").faultIn({&document})->text(),
              HasSubstr("named here already"));
}

}  // namespace
}  // namespace relayproof::certs
