#include "conformance/verdict/path.h"

#include <gtest/gtest.h>

#include <string>

namespace relayproof::verdict {
namespace {

struct PathRow {
  std::string_view path;
  std::string_view domain;  // empty: none
  const char* why;
};

TEST(Path, DomainOfPath) {
  using namespace std::string_view_literals;
  const PathRow rows[] = {
      {"a@contoso.test", "contoso.test", "plain"},
      {"a@CONTOSO.Test", "contoso.test", "case folded"},
      {"", "", "the null path"},
      {"Postmaster", "", "no domain"},
      {"a@", "", "nothing after the @"},
      {"@a.test,@b.test:user@contoso.test", "contoso.test", "a source route is dropped"},
      {"@contoso.test:user@evil.test", "evil.test", "the route's domain does not decide"},
      {"@[IPv6:::1]:user@evil.test", "evil.test", "a colon within an address literal ends no route"},
      {"@a.test:\"user@contoso.test\"@evil.test", "evil.test", "a quoted @ behind a route"},
      {"\"a:b@contoso.test\"@evil.test", "evil.test", "a colon ends no route where none has begun"},
      {"@a\":user@evil.test", "evil.test", "a route is dropped whole, before anything else is read"},
      {"@[IPv6:\":]:user@evil.test", "evil.test", "an address literal of it too"},
      {"@contoso.test", "contoso.test", "without a colon there is no route to drop"},
      {"@contoso.test:user", "", "what the route leads to has no domain"},
      {"user%contoso.test@evil.test", "evil.test", "percent hack"},
      {"contoso.test!user@evil.test", "evil.test", "bang path"},
      {"user@contoso.test@evil.test", "evil.test", "the last unquoted @"},
      {"\"user@contoso.test\"@evil.test", "evil.test", "a quoted @"},
      {"\"user@evil.test\"@contoso.test", "contoso.test", "a quoted @, the other way"},
      {"\"a\\\"@contoso.test\"@evil.test", "evil.test", "an escaped quotation mark does not end the quoting"},
      {"\"a\\\\\"@contoso.test", "contoso.test", "an escaped backslash does"},
      {"\"user@contoso.test", "", "the quoting does not end"},
      {"user@[192.0.2.1]", "", "address literal"},
      {"user@[IPv6:2001:db8::1]", "", "IPv6 literal"},
      {"user@192.0.2.1", "", "an address is no name"},
      {"user@contoso.test.", "", "a trailing dot is no name"},
      {"user@b\xC3\xBC"
       "cher.test",
       "", "a U-label is no name"},
      {"user@contoso.test\0.evil.test"sv, "", "a NUL"},
      {"user@ contoso.test", "", "white space"},
      {"user@localhost", "localhost", "one label"},
  };
  for (const PathRow& row : rows) {
    const auto domain = domainOfPath(row.path);
    EXPECT_EQ(domain ? domain->text() : "", row.domain) << row.path << ": " << row.why;
  }
}

TEST(Path, WhatMailAndRcptMaySay) {
  using namespace std::string_view_literals;
  for (const std::string_view path : {"", "Postmaster", "a@contoso.test", "@a.test,@b.test:user@contoso.test",
                                      "\"a b@c\"@contoso.test", "\"a\\\"b\"@c.test", "user%a.test@contoso.test",
                                      "a.test!user@contoso.test", "user@[192.0.2.1]", "user@[IPv6:2001:db8::1]",
                                      "user@b\xC3\xBC"
                                      "cher.test",
                                      "r\xC3\xA9lay@contoso.test"})
    EXPECT_TRUE(isPath(path)) << path;
  for (const std::string_view path :
       {"user"sv, "@contoso.test"sv, "a@"sv, "a@b@contoso.test"sv, "a b@contoso.test"sv, "a@contoso.test evil.test"sv,
        "a@contoso.test:25"sv, "a@contoso.test\0.evil.test"sv, "a@contoso.test."sv, "a,b@contoso.test"sv,
        "\"a\tb\"@contoso.test"sv, "a@[192.0.2.1"sv, "a@[contoso.test]"sv})
    EXPECT_FALSE(isPath(path)) << path;
}

TEST(Path, BarePostmaster) {
  for (const char* path : {"Postmaster", "postmaster", "POSTMASTER"}) EXPECT_TRUE(isBarePostmaster(path)) << path;
  for (const char* path : {"", "postmaste", "postmasters", "hostmaster", "HOSTMASTER", "POSTM@STER", "POSTM\xC1STER",
                           "postmaster@contoso.test", "\"postmaster\""})
    EXPECT_FALSE(isBarePostmaster(path)) << path;
}

}  // namespace
}  // namespace relayproof::verdict
