#include <gmock/gmock.h>

#include "conformance/report/render.h"
#include "conformance/report/test_support.h"

namespace relayproof::report {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Terminal, AFailureSaysAll) {
  EXPECT_EQ(failureText(golden().results[0], {}),
            R"(fail (hole) names.dns.nul-suffix: nul suffix
  what      accepted at end of data what must be denied: relayed to rp-7f3a91@elsewhere.example; certificate names.dns.nul-suffix
  to        rp-7f3a91@elsewhere.example, from <rp-7f3a91@foreign.example>
  expected  deny, or refuse-tls
  seen      accept at end-of-data, 250 2.0.0 OK <script>; passed on: next-hop, for tenant names-dns
  demanded  rfc5280-4.2.1.6-ia5, cve-2009-2408; rule 3b
  twin      names.dns.exact, the same session less its one deviation
  likely    A comparison that stops at the first NUL takes this for mail.names.test.
  token     rp-7f3a91, to search the relay's log for
  again     relayproof run --filter names.dns.nul-suffix
  by hand   openssl s_client -starttls smtp -connect 127.0.0.1:2525 -cert names.dns.nul-suffix.pem -key names.dns.nul-suffix.key.pem
)");
}

TEST(Terminal, TheCaseIsNamedWhereTheMistakeIsAnother) {
  result::CaseResult one = golden().results[0];
  one.likely = "The relay may have crashed on this input.";
  EXPECT_THAT(failureText(one, {}), HasSubstr("  case      A comparison that stops"));
  EXPECT_THAT(failureText(one, {}), HasSubstr("  likely    The relay may have crashed"));
}

TEST(Terminal, FailedChecksAreShown) {
  result::CaseResult one = golden().results[0];
  one.checks = {{"held", true, ""}, {"one-reply-a-command", false, "two came"}};
  EXPECT_THAT(failureText(one, {}), HasSubstr("  check     one-reply-a-command: two came\n"));
  EXPECT_THAT(failureText(one, {}), Not(HasSubstr("held")));
}

TEST(Terminal, ARelayCannotPaintOurScreen) {
  result::CaseResult one = golden().results[0];
  one.why = "\x1b]0;owned\x07";
  one.sessions[0].transactions[0].recipients[0].observed.text = "\x1b[2J";
  EXPECT_THAT(failureText(one, {}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(failureText(one, {.color = true}), StartsWith("\x1b[1;31mfail (hole)\x1b[0m names.dns.nul-suffix"));
}

TEST(Terminal, Summary) {
  result::Report report = golden();
  report.results[1].outcome = result::Outcome::inconclusive;
  report.results[1].why = "the twin did not run";
  report.passingOnSeen = false;
  EXPECT_EQ(summaryText(report, {}),
            "Passing on was not seen: no sink watched what the relay does with the mail that it accepts.\n"
            "inconclusive\n"
            "  session.smuggling.lf-dot-lf: the twin did not run\n"
            "profile exo-2017, target 127.0.0.1:2525\n"
            "2 cases: 1 fail (1 hole), 1 inconclusive; coverage 50.0 %; 1.2 s\n");
  EXPECT_THAT(summaryText(report, {.quiet = true}), Not(HasSubstr("the twin did not run")));
}

}  // namespace
}  // namespace relayproof::report
