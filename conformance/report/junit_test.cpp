#include <gmock/gmock.h>

#include <pugixml.hpp>

#include "conformance/report/render.h"

namespace relayproof::report {
namespace {

using result::Class;
using result::Outcome;
using testing::HasSubstr;

result::CaseResult one(const std::string& id, Outcome outcome, const std::string& tier = "must") {
  result::CaseResult made;
  made.id = id;
  made.tier = tier;
  made.outcome = outcome;
  made.failure = outcome == Outcome::fail ? Class::hole : Class::none;
  made.why = "why";
  made.durationMs = 250;
  return made;
}

pugi::xml_document parsed(const result::Report& report) {
  pugi::xml_document document;
  const pugi::xml_parse_result read = document.load_string(junit(report).c_str());
  EXPECT_TRUE(read) << read.description();
  return document;
}

TEST(Junit, EveryOutcomeHasItsElement) {
  struct Row {
    Outcome outcome;
    std::string tier, element;
  };
  const Row rows[] = {
      {Outcome::pass, "must", ""},
      {Outcome::fail, "must", "failure"},
      {Outcome::xpass, "must", "failure"},
      {Outcome::error, "should", "error"},
      {Outcome::inconclusive, "must", "error"},
      {Outcome::inconclusive, "should", "skipped"},
      {Outcome::observed, "profile", "skipped"},
      {Outcome::xfail, "must", "skipped"},
      {Outcome::skip, "must", "skipped"},
  };
  for (const Row& row : rows) {
    result::Report report;
    report.results = {one("a.b", row.outcome, row.tier)};
    const pugi::xml_document document = parsed(report);
    const pugi::xml_node node = document.child("testsuites").child("testsuite").child("testcase");
    EXPECT_STREQ(node.attribute("classname").value(), "a");
    EXPECT_STREQ(node.attribute("name").value(), "b");
    EXPECT_EQ(node.first_child().name(), row.element);
    if (!row.element.empty()) {
      EXPECT_THAT(node.first_child().attribute("message").value(), HasSubstr("why"));
    }
  }
}

TEST(Junit, CountsAddUp) {
  result::Report report;
  report.results = {one("a.b", Outcome::pass), one("a.c", Outcome::fail), one("x.y.z", Outcome::inconclusive),
                    one("x.y.w", Outcome::skip), one("x.y.v", Outcome::xpass)};
  const pugi::xml_document document = parsed(report);
  const pugi::xml_node suites = document.child("testsuites");
  const auto counts = [](pugi::xml_node node) {
    return std::string(node.attribute("tests").value()) + " " + node.attribute("failures").value() + " " +
           node.attribute("errors").value() + " " + node.attribute("skipped").value() + " " +
           node.attribute("time").value();
  };
  EXPECT_EQ(counts(suites), "5 2 1 1 1.250");
  EXPECT_EQ(counts(suites.find_child_by_attribute("name", "a")), "2 1 0 0 0.500");
  EXPECT_EQ(counts(suites.find_child_by_attribute("name", "x.y")), "3 1 1 1 0.750");
}

TEST(Junit, ARunThatEndedEarlyIsNotGreen) {
  result::Report report;
  report.halted = result::kHaltedUnreachable;
  const pugi::xml_document document = parsed(report);
  EXPECT_STREQ(document.child("testsuites").attribute("errors").value(), "1");
}

TEST(Junit, HostileOctetsStayOutOfTheXml) {
  result::Report report;
  report.results = {one("a.b", Outcome::fail)};
  report.results[0].why = std::string("]]> <evil> \0 \x01 \xff", 16);
  report.results[0].token = "\x1b\xef\xbf\xbf";
  const std::string text = junit(report);
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << int(c);
  EXPECT_THAT(text, testing::Not(HasSubstr("&#01;")));
  const pugi::xml_document document = parsed(report);
  EXPECT_STREQ(
      document.child("testsuites").child("testsuite").child("testcase").child("failure").attribute("message").value(),
      "]]> <evil> \\x00 \\x01 \\xFF");
}

}  // namespace
}  // namespace relayproof::report
