#include "certs/document.h"

#include <gmock/gmock.h>

namespace relayproof {
namespace {

using testing::HasSubstr;

std::string errorOf(std::string_view text, void (*read)(const Node&)) {
  const auto result = readDocument(text, "doc.json", [&](const Node& root) {
    read(root);
    return 0;
  });
  return result ? "" : result.error().text();
}

TEST(Document, NamesFileKeyAndNearestKey) {
  EXPECT_EQ(errorOf(R"({"tenants":[{"idd":"x"}]})",
                    [](const Node& r) { r.at("tenants").array()[0].allowOnly({"id", "name"}); }),
            "doc.json: tenants[0].idd: unknown key; did you mean \"id\"?");
}

TEST(Document, WrongTypesAreNamed) {
  EXPECT_EQ(errorOf(R"({"a":{"b":1}})", [](const Node& r) { r.at("a").at("b").string(); }),
            "doc.json: a.b: must be a string");
  EXPECT_EQ(errorOf("[]", [](const Node& r) { r.at("a"); }), "doc.json: must be an object");
  EXPECT_THAT(errorOf(R"({"n":18446744073709551615})", [](const Node& r) { r.at("n").integer(0, 10); }),
              HasSubstr("from 0 to 10"));
}

TEST(Document, ParserIsStrict) {
  const auto nothing = [](const Node&) {};
  EXPECT_EQ(errorOf(R"({"a":1,"a":2})", nothing), "doc.json: the key \"a\" stands twice in one object");
  EXPECT_THAT(errorOf("{\"a\":\n\n }", nothing), HasSubstr("doc.json:3: no valid JSON"));
  EXPECT_THAT(errorOf("{\"a\":\"\xff\"}", nothing), HasSubstr("no valid JSON"));
  EXPECT_THAT(errorOf("{} x", nothing), HasSubstr("no valid JSON"));
  EXPECT_THAT(errorOf("{\"a\":1e400}", nothing), HasSubstr("doc.json: no valid JSON: a number is too large"));
  EXPECT_THAT(errorOf(std::string(200, '[') + std::string(200, ']'), nothing), HasSubstr("nesting deeper"));
  // What stands behind the depths is read on, but nothing of it is kept.
  const std::string depths = std::string(200'000, '[') + std::string(200'000, ']');
  EXPECT_THAT(errorOf("{\"a\":" + depths + ",\"b\":1,\"c\":2}", nothing), HasSubstr("nesting deeper"));
}

TEST(Document, ManyKeysTakeNoTime) {
  std::string text = "{\"k\":0";
  for (int i = 0; i < 300'000; ++i) text += ",\"k" + std::to_string(i) + "\":0";
  EXPECT_EQ(errorOf(text + "}", [](const Node&) {}), "doc.json: an object has more than 2000 keys");
}

TEST(Document, WhatAStrangerWroteIsNotRepeatedWhole) {
  const std::string longKey(100'000, 'k');
  EXPECT_LT(errorOf("{\"" + longKey + "\":1}", [](const Node& r) { r.allowOnly({"id"}); }).size(), 400U);
  std::string euros = "x";
  for (int i = 0; i < 1000; ++i) euros += "€";
  const std::string cut = errorOf("{\"" + euros + "\":1}", [](const Node& r) { r.allowOnly({"id"}); });
  EXPECT_THAT(cut, HasSubstr("€…: unknown key")) << "no half of a character";
  EXPECT_LT(errorOf("{\"" + longKey + "\":1,\"" + longKey + "\":1}", [](const Node&) {}).size(), 400U);
}

TEST(Document, TheNearestWord) {
  using testing::Optional;
  EXPECT_THAT(nearest("DNS", {"CN", "DNS-ID"}), Optional(std::string("DNS-ID")));
  EXPECT_THAT(nearest("cn", {"C", "CN", "O"}), Optional(std::string("CN")));
  EXPECT_THAT(nearest("tlsSenderCertName", {"name", "tlsSenderCertificateName"}),
              Optional(std::string("tlsSenderCertificateName")));
  EXPECT_EQ(nearest("k0", {"id", "at"}), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'a'), {"a"}), std::nullopt);
}

TEST(Document, MissingFile) {
  const auto text = readFile("/nonexistent/file.json");
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().text(), HasSubstr("No such file"));
  EXPECT_FALSE(readFile("/"));
}

}  // namespace
}  // namespace relayproof
