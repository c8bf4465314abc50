#include "certs/cross.h"

#include <gmock/gmock.h>

#include "certs/fixture_set.h"

namespace relayproof::certs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A cross of two axes, into which a test writes what it is about.
Expected<FixtureSet> crossed(const std::string& more, const std::string& name = "{label|mail}.a.test",
                             const std::string& text = "{name}") {
  return readDocument(R"({"set": "s", "crosses": [{
    "why": "{place}{form}.", "certificate": "{certificate}", "sources": ["always"],
    "axes": {
      "place": {
        "cn": {"why": "A CN", "sources": ["a"], "set": {"certificate": {"cn": ["{text}"]}}},
        "dns": {"why": "A DNS-ID", "sources": ["b"], "set": {"certificate": {"dns": ["x.test", "{names}"]}}}
      },
      "form": {
        "plain": {"why": "", "sources": ["a"], "set": {"text": ")" +
                          text + R"(", "name": ")" + name + R"(",
                  "names": ["{text}", "host{n}.test"]}},
        "star": {"why": ", a wildcard", "set": {"label": "*", "text": "{label}", "names": []}}
      }
    })" + more + "}]}",
                      "set.json", readSet);
}

std::string errorOf(const Expected<FixtureSet>& set) { return set ? "no error" : set.error().text(); }

std::string blueprints(const Expected<FixtureSet>& set) {
  std::string text;
  for (const SetEntry& entry : set.value().entries) text += entry.id + " " + entry.blueprint.dump() + "\n";
  return text;
}

TEST(Cross, EveryCombinationOfTheAxes) {
  const auto set = crossed("");
  EXPECT_EQ(blueprints(set), R"(cn.plain {"cn":["mail.a.test"]}
cn.star {"cn":["*"]}
dns.plain {"dns":["x.test","mail.a.test","host{n}.test"]}
dns.star {"dns":["x.test"]}
)");
  const SetEntry& first = set.value().entries.front();
  EXPECT_EQ(first.why, "A CN.");
  EXPECT_THAT(first.sources, ElementsAre("always", "a"));
  EXPECT_EQ(set.value().entries[3].why, "A DNS-ID, a wildcard.");
  EXPECT_THAT(set.value().entries[3].sources, ElementsAre("always", "b"));
}

TEST(Cross, WhatIsTakenAndWhatIsNot) {
  const auto ids = [](const Expected<FixtureSet>& set) {
    std::string text;
    for (const SetEntry& entry : set.value().entries) text += entry.id + " ";
    return text;
  };
  EXPECT_EQ(ids(crossed(R"(, "id": "x", "take": [{"place": ["dns"]}, {"place": ["d*"], "form": ["star"]}])")),
            "x.dns.plain x.dns.star ");
  EXPECT_EQ(ids(crossed(R"(, "except": [{"place": ["*"], "form": ["star"], "because": "B."}])")),
            "cn.plain dns.plain ");
}

TEST(Cross, Functions) {
  const auto name = [](const std::string& text) {
    const auto set = crossed(R"(, "take": [{"place": ["cn"], "form": ["plain"]}])", "{label|mail}.a.test", text);
    return set.value().entries.front().blueprint["cn"][0].get<std::string>();
  };
  EXPECT_EQ(name("{name:upper}"), "MAIL.A.TEST");
  EXPECT_EQ(name("{name:capital}."), "Mail.A.Test.");
  EXPECT_EQ(name("<{label|x}>"), "<x>");
  for (const std::size_t size : {253U, 254U}) {
    const std::string padded = name("{name:to" + std::to_string(size) + "}");
    EXPECT_EQ(padded.size(), size);
    EXPECT_TRUE(padded.ends_with("a.mail.a.test"));
    EXPECT_EQ(padded.find(".."), std::string::npos);
    EXPECT_EQ(padded.find(std::string(64, 'a')), std::string::npos);
  }
}

TEST(Cross, Mistakes) {
  EXPECT_THAT(errorOf(crossed("", "{lable}")),
              HasSubstr("set.json: crosses[0].axes.form.plain.set.name: {lable} stands "
                        "for nothing; "));
  EXPECT_THAT(errorOf(crossed("", "{name}x")), HasSubstr("leads back to itself"));
  EXPECT_THAT(errorOf(crossed("", "{name")), HasSubstr("has a brace that is not closed"));
  EXPECT_THAT(errorOf(crossed("", "{label|}", "{name:lower}")), HasSubstr("there is no function \"lower\""));
  EXPECT_THAT(errorOf(crossed(R"(, "take": [{"place": ["dns", "mail"]}])")),
              HasSubstr("take[0].place[1]: \"mail\" adds no value of the axis place"));
  EXPECT_THAT(errorOf(crossed(R"(, "take": [{"plac": ["dns"]}])")),
              HasSubstr("take[0].plac: is no axis of this cross"));
  EXPECT_THAT(errorOf(crossed(R"(, "take": [{"place": ["cn"]}], "except": [{"place": ["dns"], "because": "B."}])")),
              HasSubstr("except[0]: excepts nothing that is taken"));
  EXPECT_THAT(errorOf(crossed(R"(, "except": [{"place": ["dns"]}])")), HasSubstr("the key \"because\" is missing"));
  EXPECT_THAT(errorOf(crossed(R"(, "ways": 1)")), HasSubstr("ways: unknown key; did you mean \"why\"?"));
  EXPECT_THAT(errorOf(readDocument(R"({"set":"s","crosses":[{"why":"w","certificate":{"cn":"x{y}"},
      "axes":{"a":{"v":{"why":"","set":{"y":1}}}}}]})",
                                   "set.json", readSet)),
              HasSubstr("certificate.cn: {y} is no text"));
  EXPECT_THAT(errorOf(readDocument(R"({"set":"s","crosses":[{"why":"w","certificate":{},"axes":{"a":{"v":{"why":"",
      "set":{"x":1}}},"b":{"v":{"why":"","set":{"x":1}}}}}]})",
                                   "set.json", readSet)),
              HasSubstr("axes.b.v.set.x: is set by another axis too"));
}

}  // namespace
}  // namespace relayproof::certs
