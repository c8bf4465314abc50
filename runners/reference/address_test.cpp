#include "runners/reference/address.h"

#include <gtest/gtest.h>

namespace relayproof::reference {
namespace {

struct AddressRow {
  const char* text;
  PathOf of;
  const char* mailbox;  // null: refused
  const char* domain;
  const char* arguments;
};

const AddressRow addressRows[] = {
    {"<a@contoso.test>", PathOf::sender, "a@contoso.test", "contoso.test", ""},
    {"<a@CONTOSO.test> SIZE=1", PathOf::sender, "a@CONTOSO.test", "contoso.test", "SIZE=1"},
    {"  <a@contoso.test>  SIZE=1 BODY=7BIT", PathOf::sender, "a@contoso.test", "contoso.test", "SIZE=1 BODY=7BIT"},
    {"<>", PathOf::sender, "", "", ""},
    {"<>", PathOf::recipient, nullptr, "", ""},
    {"<Postmaster>", PathOf::recipient, "Postmaster", "", ""},
    {"<postmaster>", PathOf::sender, nullptr, "", ""},
    {"<somebody>", PathOf::recipient, nullptr, "", ""},
    {"<@contoso.test:a@elsewhere.test>", PathOf::recipient, "a@elsewhere.test", "elsewhere.test", ""},
    {"<@one.test,@two.test:a@elsewhere.test>", PathOf::sender, "a@elsewhere.test", "elsewhere.test", ""},
    {"<@contoso.test>", PathOf::recipient, nullptr, "", ""},
    {"<@contoso.test:>", PathOf::sender, nullptr, "", ""},
    {"<\"x@contoso.test\"@elsewhere.test>", PathOf::recipient, "\"x@contoso.test\"@elsewhere.test", "elsewhere.test",
     ""},
    {"<\"a\\\"b> c\"@elsewhere.test>", PathOf::recipient, "\"a\\\"b> c\"@elsewhere.test", "elsewhere.test", ""},
    {"<\"open@elsewhere.test>", PathOf::recipient, nullptr, "", ""},
    {"<\"end\\", PathOf::recipient, nullptr, "", ""},
    {"<a%b.test@contoso.test>", PathOf::recipient, "a%b.test@contoso.test", "contoso.test", ""},
    {"<b.test!a@contoso.test>", PathOf::recipient, "b.test!a@contoso.test", "contoso.test", ""},
    {"<a@b@contoso.test>", PathOf::recipient, nullptr, "", ""},
    {"<a@[127.0.0.1]>", PathOf::recipient, "a@[127.0.0.1]", "", ""},
    {"<a@[contoso.test]>", PathOf::sender, "a@[contoso.test]", "", ""},
    {"<a@[contoso.test>", PathOf::sender, nullptr, "", ""},
    {"<a@127.0.0.1>", PathOf::recipient, nullptr, "", ""},
    {"<a@contoso.test.>", PathOf::recipient, nullptr, "", ""},
    {"<a@contoso..test>", PathOf::recipient, nullptr, "", ""},
    {"<a@*.contoso.test>", PathOf::recipient, nullptr, "", ""},
    {"<a@>", PathOf::recipient, nullptr, "", ""},
    {"<a b@contoso.test>", PathOf::recipient, nullptr, "", ""},
    {"<a@contoso.test>x", PathOf::recipient, nullptr, "", ""},
    {"<a@contoso.test", PathOf::recipient, nullptr, "", ""},
    {"a@contoso.test", PathOf::recipient, nullptr, "", ""},
    {"<a@m\xC3\xBCller.test>", PathOf::recipient, nullptr, "", ""},
    {"<m\xC3\xBCller@contoso.test>", PathOf::recipient, "m\xC3\xBCller@contoso.test", "contoso.test", ""},
    {"", PathOf::recipient, nullptr, "", ""},
    {"<", PathOf::sender, nullptr, "", ""},
};

TEST(Address, IsReadByTheTable) {
  for (const AddressRow& row : addressRows) {
    const auto parsed = parsePath(row.text, row.of);
    const auto* read = std::get_if<PathAndArguments>(&parsed);
    if (row.mailbox == nullptr) {
      ASSERT_EQ(read, nullptr) << row.text;
      EXPECT_EQ(std::get<BadPath>(parsed).reply.front(), '5') << row.text;
      continue;
    }
    ASSERT_NE(read, nullptr) << row.text;
    EXPECT_EQ(read->path.text, row.mailbox) << row.text;
    EXPECT_EQ(read->path.domain, row.domain) << row.text;
    EXPECT_EQ(read->arguments, row.arguments) << row.text;
  }
}

TEST(Address, KeepsTheRouteApart) {
  const auto parsed = parsePath("<@one.test,@two.test:a@elsewhere.test>", PathOf::recipient);
  EXPECT_EQ(std::get<PathAndArguments>(parsed).path.route, "@one.test,@two.test");
}

}  // namespace
}  // namespace relayproof::reference
