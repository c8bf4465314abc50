#include <gmock/gmock.h>

#include "conformance/report/render.h"
#include "conformance/report/test_support.h"

namespace relayproof::report {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Html, HoldsAllThatAReaderNeeds) {
  const std::string page = html(golden());
  for (const char* needed :
       {"2 cases: 1 pass, 1 fail (1 hole); coverage 100.0 %", "<span class=\"id\">names.dns.nul-suffix</span>",
        "<a href=\"#names.dns.exact\">", "deny, or refuse-tls", "250 2.0.0 OK &lt;script&gt;; passed on: next-hop",
        "likely mistake", "rp-7f3a91", "openssl s_client", "one-reply-a-command", "EHLO rp-7f3a91.client.example",
        "Passed on to strangers: <code>user@elsewhere.example</code>", "hidden in the message before",
        "line\\n.\\nMAIL", "<code>patternDepth: any (1 case)</code>", "relayproof run --filter names.dns.nul-suffix"})
    EXPECT_THAT(page, HasSubstr(needed));
  EXPECT_THAT(page, Not(HasSubstr("{{")));
}

TEST(Html, FailuresStandFirstAndOpen) {
  const std::string page = html(golden());
  EXPECT_LT(page.find("id=\"names.dns.nul-suffix\" open"), page.find("id=\"session.smuggling.lf-dot-lf\""));
  EXPECT_THAT(page, Not(HasSubstr("id=\"session.smuggling.lf-dot-lf\" open")));
}

TEST(Html, ManyFailuresStartClosed) {
  result::Report report = golden();
  report.results.resize(1);
  report.results.resize(4, report.results[0]);
  EXPECT_THAT(html(report), Not(HasSubstr("id=\"names.dns.nul-suffix\" open")));
}

TEST(Html, HostileOctetsAreEscapedEverywhere) {
  const std::string hostile = std::string("<script>alert(1)</script>\"'&\0\x1b\xff", 31);
  result::Report report = golden();
  report.target.greeting = hostile;
  report.target.address = hostile;
  report.halted = hostile;
  result::CaseResult& one = report.results[0];
  for (std::string* text : {&one.id, &one.title, &one.purpose, &one.why, &one.token, &one.reproduce, &one.tier})
    *text = hostile;
  one.likely = one.twin = hostile;
  one.rules = one.sources = one.tags = one.hangsOn = {hostile};
  one.checks = {{hostile, false, hostile}};
  result::Session& session = one.sessions[0];
  session.alert = session.certificate = hostile;
  session.source = session.tlsVersion = hostile;
  session.end = {hostile, hostile, hostile};
  session.strays = {hostile};
  session.transactions[0].mailFrom = hostile;
  session.transactions[0].recipients[0].address = hostile;
  session.transactions[0].recipients[0].observed.text = hostile;
  session.transcript = std::vector<session::Event>{{0, hostile, hostile}};
  const std::string page = html(report);
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, Not(HasSubstr("\"'&")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&apos;&amp;\\x00\\x1B\\xFF"));
  EXPECT_EQ(page.find('\0'), std::string::npos);
  EXPECT_EQ(page.find('\xff'), std::string::npos);
}

TEST(Html, WhatIsMissingInACaseIsNotTakenFromItsSection) {
  result::Report report = golden();
  report.results.resize(1);
  report.results[0].title.clear();
  EXPECT_THAT(html(report), Not(HasSubstr("<dd>Failures</dd>")));
}

TEST(Html, FetchesNothing) {
  const std::string page = html(golden());
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  for (const char* fetching : {"src=", "<link", "@import", "url(", "http://", "https://"})
    EXPECT_THAT(page, Not(HasSubstr(fetching)));
}

}  // namespace
}  // namespace relayproof::report
