#include "runners/reference/u_labels.h"

#include <gtest/gtest.h>

#include "runners/reference/identity.h"

namespace relayproof::reference {
namespace {

TEST(ULabels, FollowTheTable) {
  struct Row {
    std::string name;
    std::optional<std::string> aLabels;
    const char* why;
  };
  const Row rows[] = {
      {"mail.contoso.test", "mail.contoso.test", "nothing to turn"},
      {"MAIL.contoso.test", "MAIL.contoso.test", "ASCII stays as it is"},
      {"b\u00FCcher.contoso.test", "xn--bcher-kva.contoso.test", "a U-label"},
      {"B\u00FCCHER.contoso.test", "xn--bcher-kva.contoso.test", "ASCII letters are lowered"},
      {"B\u00DCCHER.contoso.test", std::nullopt, "no other letter is"},
      {"bu\u0308cher.contoso.test", std::nullopt, "not in NFC"},
      {"*.b\u00FCcher.test", "*.xn--bcher-kva.test", "below a wildcard"},
      {"*\u00FC.test", std::nullopt, "a wildcard within a U-label"},
      {"fa\u00DF.test", "xn--fa-hia.test", "sharp s is a letter, and not ss"},
      {"\uFF41.test", std::nullopt, "full width, which would have to be mapped"},
      {"mail\u3002test", std::nullopt, "an ideographic full stop is no dot"},
      {"l\u00B7l.test", "xn--ll-0ea.test", "a middle dot between two l"},
      {"a\u00B7b.test", std::nullopt, "a middle dot elsewhere"},
      {"a\u200Db.test", std::nullopt, "a joiner without a virama"},
      {"\u2603.test", std::nullopt, "a symbol"},
      {"a\u00ADb\u00FC.test", std::nullopt, "a soft hyphen"},
      {"-b\u00FC.test", std::nullopt, "an outer hyphen"},
      {"b\u00FC-.test", std::nullopt, "an outer hyphen"},
      {"ab--\u00FC.test", std::nullopt, "hyphens in third and fourth place"},
      {"xn--\u00FC.test", std::nullopt, "a half A-label"},
      {"_b\u00FC.test", std::nullopt, "an underscore beside a letter that is not ASCII"},
      {"xn--a.b\u00FC.test", "xn--a.xn--b-eha.test", "an A-label is not looked into"},
      {"\u05D0\u05D1.test", "xn--4dbc.test", "right to left"},
      {"\u05D0a.test", std::nullopt, "both directions in one label"},
      {"\u0301a.test", std::nullopt, "a combining mark to begin with"},
      {"b\u00FC..test", "xn--b-eha..test", "empty labels are not judged here"},
      {std::string("b\u00FC\0x.test", 9), std::nullopt, "a NUL"},
      {"b\xFC.test", std::nullopt, "no UTF-8"},
      {"", "", "nothing"},
  };
  for (const Row& row : rows) EXPECT_EQ(withALabels(row.name), row.aLabels) << row.name << ": " << row.why;
}

std::string nameOf(const CertificateNames& names, const Behaviour& behaviour) {
  return identify(names, behaviour).ids.at(0).name;
}

TEST(ULabels, StandInCommonNamesAloneAndByTheOption) {
  const std::string name = "B\u00FCcher.Contoso.TEST";
  Behaviour behaviour;
  EXPECT_EQ(nameOf({{name}, {}, false}, behaviour), "");
  behaviour.uLabelInCommonName = ULabelInCommonName::toALabel;
  EXPECT_EQ(nameOf({{name}, {}, false}, behaviour), "xn--bcher-kva.contoso.test");
  EXPECT_EQ(nameOf({{}, {name}, false}, behaviour), "");
  EXPECT_EQ(nameOf({{"b\u00FC..test"}, {}, false}, behaviour), "");
  EXPECT_EQ(nameOf({{"b\u00FC.a_b.test"}, {}, false}, behaviour), "");
  EXPECT_EQ(nameOf({{"b\u00FC.test."}, {}, false}, behaviour), "");
  EXPECT_TRUE(identify({{"b\u00FCcher"}, {}, false}, behaviour).ids.empty()) << "without a dot it is free text";
  std::string tooLong;
  for (int i = 0; i < 30; ++i) tooLong += "\u00FC\u00E9";
  EXPECT_EQ(nameOf({{tooLong + "\u00FC\u00E9.test"}, {}, false}, behaviour), "") << "an A-label of more than 63 octets";
  behaviour.trailingDot = TrailingDot::strip;
  behaviour.nameSyntax = NameSyntax::lenient;
  EXPECT_EQ(nameOf({{"b\u00FC.test."}, {}, false}, behaviour), "xn--b-eha.test");
  EXPECT_EQ(nameOf({{"b\u00FC.a_b.test"}, {}, false}, behaviour), "xn--b-eha.a_b.test");
}

}  // namespace
}  // namespace relayproof::reference
