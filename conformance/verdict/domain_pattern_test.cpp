#include "conformance/verdict/domain_pattern.h"

#include <gtest/gtest.h>

#include <string>

namespace relayproof::verdict {
namespace {

TEST(FaultOfName, SaysWhatIsWrong) {
  using namespace std::string_view_literals;
  struct Row {
    std::string_view name;
    std::string_view fault;
  };
  const Row rows[] = {
      {"mail.contoso.test", ""},
      {"", "is empty"},
      {"mail..test", "has an empty label"},
      {".contoso.test", "has an empty label"},
      {"mail.contoso.test\0"sv, "holds a NUL"},
      {"mail\x01.test", "holds a control octet"},
      {"mail\x1F.test", "holds a control octet"},
      {"mail\x7F.test", "holds a control octet"},
      {"mail\x80.test", "holds an octet outside ASCII"},
      {"mail\xFF.test", "holds an octet outside ASCII"},
      {"ma il.test", "holds white space"},
      {"m*.contoso.test", "holds a `*` that is not the whole left-most label"},
      {"user@contoso.test", "is a mail address"},
      {"[mail].test", "holds an octet that no name has"},
      {"ma`il.test", "holds an octet that no name has"},
      {"ma{il.test", "holds an octet that no name has"},
      {"ma/il.test", "holds an octet that no name has"},
      {"ma:il.test", "holds an octet that no name has"},
      {"192.0.2.1", "ends in a label of digits, as an address does"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(faultOfName(row.name, NameSyntax::lenient), row.fault) << row.name;
    EXPECT_EQ(faultOfName(row.name, NameSyntax::preferred), row.fault) << row.name;
  }
}

TEST(FaultOfName, ThePreferredSyntaxIsNarrower) {
  const std::string_view outerHyphen = "has a label with an outer hyphen";
  EXPECT_EQ(faultOfName("a_b.test", NameSyntax::preferred), "has `_`, which the preferred name syntax lacks");
  EXPECT_EQ(faultOfName("-a.test", NameSyntax::preferred), outerHyphen);
  EXPECT_EQ(faultOfName("a-.test", NameSyntax::preferred), outerHyphen);
  EXPECT_EQ(faultOfName("a-b.test", NameSyntax::preferred), "");
  for (const char* name : {"a_b.test", "-a.test", "a-.test"}) EXPECT_EQ(faultOfName(name), "") << name;
}

TEST(FaultOfName, Lengths) {
  const std::string label(63, 'a');
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'b');
  ASSERT_EQ(longest.size(), 253U);
  EXPECT_EQ(faultOfName(label + ".test"), "");
  EXPECT_EQ(faultOfName("a" + label + ".test"), "has a label of more than 63 octets");
  EXPECT_EQ(faultOfName(longest), "");
  EXPECT_EQ(faultOfName(longest + "b"), "has more than 253 octets");
}

TEST(DomainPattern, SaysWhatIsWrong) {
  struct Row {
    std::string text;
    std::string_view problem;
  };
  const std::string label(63, 'a');
  const Row rows[] = {
      {"mail.contoso.test", ""},
      {"*.contoso.test", ""},
      {"", "is empty"},
      {"*", "is a bare `*`"},
      {"*.", "is empty"},
      {".", "has an empty label"},
      {"contoso.test.", "has a trailing dot"},
      {"a.", "has a trailing dot"},
      {"*.contoso.test.", "has a trailing dot"},
      {"test", "is a single label"},
      {"*.test", "is `*.` before a single label"},
      {"*.*.test", "holds a `*` that is not the whole left-most label"},
      {"*." + label + "." + label + "." + label + "." + std::string(59, 'b'), ""},
      {"*." + label + "." + label + "." + label + "." + std::string(60, 'b'), "has more than 253 octets"},
  };
  for (const Row& row : rows) EXPECT_EQ(DomainPattern::parse(row.text).problem, row.problem) << row.text;
}

TEST(DomainName, LabelsAndParents) {
  const DomainName name = *DomainName::parse("A.Zz.test");
  EXPECT_EQ(name.text(), "a.zz.test");
  EXPECT_EQ(name.labelCount(), 3U);
  EXPECT_EQ(name.parent()->text(), "zz.test");
  EXPECT_FALSE(DomainName::parse("test")->parent());
  EXPECT_TRUE(name.isBelow(*name.parent()));
  EXPECT_TRUE(name.isBelow(*DomainName::parse("test")));
  EXPECT_FALSE(name.isBelow(name));
  EXPECT_FALSE(DomainName::parse("azz.test")->isBelow(*name.parent()));
  EXPECT_FALSE(name.parent()->isBelow(name));
}

}  // namespace
}  // namespace relayproof::verdict
