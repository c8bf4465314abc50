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
  EXPECT_THAT(errorOf("{\"a\":1e400}", nothing), HasSubstr("doc.json: a number is out of range"));
  EXPECT_THAT(errorOf(std::string(200, '[') + std::string(200, ']'), nothing), HasSubstr("nesting deeper"));
}

TEST(Document, MissingFile) {
  const auto text = readFile("/nonexistent/file.json");
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().text(), HasSubstr("No such file"));
  EXPECT_FALSE(readFile("/"));
}

}  // namespace
}  // namespace relayproof
