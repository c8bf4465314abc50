#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "runners/reference/relay.h"
#include "runners/reference/test_dialogue.h"

namespace relayproof::reference {
namespace {

using testing::contosoAddress;
using testing::hello;
using testing::mail;
using testing::Spec;
using testing::strangersAddress;
using testing::toExternal;
using testing::toLocal;
using testing::toTls;

const std::string wholeMessage = "DATA\r\nhi\r\n.\r\n";

std::string sent(const std::string& from, const std::string& to) {
  return hello + "MAIL FROM:" + from + "\r\nRCPT TO:" + to + "\r\n" + wholeMessage;
}

Spec dns(std::string name) { return testing::leafSpec({std::move(name)}); }

Spec subject(std::string octets, int nid = NID_commonName, int type = V_ASN1_UTF8STRING) {
  Spec spec;
  spec.subject = {{nid, std::move(octets), type}};
  return spec;
}

Spec alternative(int type, std::string octets) {
  Spec spec;
  spec.alternatives = {{type, std::move(octets)}};
  return spec;
}

// One dialogue that a bug answers otherwise than a right relay: over TLS with a certificate if there is one.
struct Probe {
  const char* bug;
  std::optional<Spec> leaf;
  std::vector<std::string> segments;
  std::uint32_t address = strangersAddress;
  std::optional<Spec> issuer = std::nullopt;
  std::optional<Spec> behind = std::nullopt;
};

const std::vector<std::string> foreign = {toTls, hello + mail + toExternal};

Spec authority(std::string name) { return testing::authoritySpec(std::move(name)); }

std::vector<Probe> probes() {
  using Text = std::string;
  const auto clear = [](Text octets) { return std::vector<Text>{std::move(octets)}; };
  return {
      {"nul-in-cn", subject(Text("relay.contoso.test\0.evil.test", 29)), foreign},
      {"nul-in-dns", dns(Text("relay.contoso.test\0.evil.test", 29)), foreign},
      {"cn-truncated-32", subject("host-of-a-lon.name.fabrikam.test.evil.test"), foreign},
      {"cn-truncated-64", subject(Text(64 - 14, 'a') + ".fabrikam.test.evil.test"), foreign},
      {"email-san-as-dns", alternative(GEN_EMAIL, "a@relay.contoso.test"), foreign},
      {"uri-san-as-dns", alternative(GEN_URI, "https://relay.contoso.test/x"), foreign},
      {"other-name-as-dns", alternative(GEN_OTHERNAME, "a@relay.contoso.test"), foreign},
      {"directory-name-as-dns", alternative(GEN_DIRNAME, "relay.contoso.test"), foreign},
      {"subject-as-text", subject("x,CN=relay.contoso.test", NID_organizationName), foreign},
      {"joined-san-text-split", dns("evil.test, DNS:relay.contoso.test"), foreign},
      {"ca-name-instead-of-leaf", dns("evil.test"), foreign, strangersAddress, authority("relay.contoso.test")},
      {"names-of-any-sent-certificate", dns("evil.test"), foreign, strangersAddress, std::nullopt,
       dns("relay.contoso.test")},
      {"non-ascii-dropped", dns("relay\xE9.contoso.test"), foreign},
      {"white-space-trimmed", dns(" relay.contoso.test"), foreign},
      {"control-octets-dropped", dns("relay\x01.contoso.test"), foreign},
      {"empty-labels-collapsed", dns("relay..contoso.test"), foreign},
      {"unicode-case-folding", subject("relay.conto\xC5\xBFo.test"), foreign},
      {"refuses-san-only", dns("relay.contoso.test"), foreign},
      {"ignores-san", dns("relay.contoso.test"), foreign},
      {"ignores-cn", subject("relay.contoso.test"), foreign},
      {"first-san-only", testing::leafSpec({"evil.test", "relay.contoso.test"}), foreign},
      {"wide-strings-unread",
       subject(Text("\0a\0.\0f\0a\0b\0r\0i\0k\0a\0m\0.\0t\0e\0s\0t", 30), NID_commonName, V_ASN1_BMPSTRING), foreign},

      {"case-sensitive-match", dns("RELAY.contoso.test"), foreign},
      {"suffix-without-dot", dns("evilfabrikam.test"), foreign},
      {"prefix-match", dns("relay.contoso.test.evil.test"), foreign},
      {"regex-dots", dns("relayxcontoso.test"), foreign},
      {"presented-glob", dns("r*"), foreign},
      {"partial-wildcard", dns("rel*.contoso.test"), foreign},
      {"wildcard-in-any-label", dns("relay.*.test"), foreign},
      {"wildcard-covers-two-labels", dns("*.test"), foreign},
      {"presented-wildcard-matches-apex",
       dns("*.gate.northwind.test"),
       {toTls, sent("<a@northwind.test>", "<b@elsewhere.test>")}},
      {"bare-wildcard-matches", dns("*"), foreign},
      {"empty-name-matches", dns(""), foreign},
      {"refuses-wildcard-connector", dns("mail.fabrikam.test"), foreign},

      {"no-registration-check", dns("mail.contoso.test"), foreign},
      {"registration-of-parent", dns("mail.contoso.test"), foreign},
      {"disabled-connector-counts", dns("off.contoso.test"), foreign},
      {"partner-connector-grants", dns("partner.northwind.test"), foreign},
      {"null-sender-as-any", std::nullopt, clear(sent("<>", "<b@elsewhere.test>")), contosoAddress},
      {"any-sender-by-address", std::nullopt, clear(sent("<a@foreign.test>", "<b@elsewhere.test>")), contosoAddress},
      {"any-sender-by-certificate", dns("mail.contoso.test"), foreign},
      {"sender-subdomain-registered", std::nullopt, clear(sent("<a@sub.contoso.test>", "<b@elsewhere.test>")),
       contosoAddress},
      {"sender-suffix", std::nullopt, clear(sent("<a@evilcontoso.test>", "<b@elsewhere.test>")), contosoAddress},
      {"address-too-wide", std::nullopt, clear(sent("<a@contoso.test>", "<b@elsewhere.test>")), 0x7F000063},
      {"recipient-suffix", std::nullopt, clear(sent("<a@foreign.test>", "<b@evilcontoso.test>"))},
      {"ehlo-name-as-identity", dns("evil.test"), {toTls, "EHLO relay.contoso.test\r\n" + mail + toExternal}},
      {"auth-parameter-as-sender", std::nullopt,
       clear(hello + "MAIL FROM:<a@foreign.test> AUTH=<a@contoso.test>\r\n" + toExternal), contosoAddress},
      {"sender-route-believed", std::nullopt, clear(sent("<@contoso.test:a@foreign.test>", "<b@elsewhere.test>")),
       contosoAddress},
      {"source-route-believed", std::nullopt, clear(sent("<a@foreign.test>", "<@contoso.test:b@elsewhere.test>"))},
      {"quoted-local-part-at", std::nullopt, clear(sent("<a@foreign.test>", "<\"b@contoso.test\"@elsewhere.test>"))},
      {"percent-hack-believed", std::nullopt, clear(sent("<a@foreign.test>", "<b%elsewhere.test@contoso.test>"))},
      {"bang-path-believed", std::nullopt, clear(sent("<a@foreign.test>", "<elsewhere.test!b@contoso.test>"))},
      {"first-recipient-decides-for-all", std::nullopt, clear(hello + mail + toLocal + toExternal)},
      {"rset-keeps-verdict", std::nullopt,
       clear(hello + "MAIL FROM:<a@contoso.test>\r\n" + toExternal + "RSET\r\n" + mail + toExternal), contosoAddress},
      {"verdict-of-first-transaction-kept", std::nullopt,
       clear(sent("<a@contoso.test>", "<b@elsewhere.test>") + mail + toExternal), contosoAddress},
      {"second-tenant-mixed-up", dns("relay.contoso.test"), {toTls, sent("<a@fabrikam.test>", "<b@elsewhere.test>")}},
      {"sender-of-any-tenant", dns("mail.contoso.test"), {toTls, sent("<a@fabrikam.test>", "<b@elsewhere.test>")}},
      {"open-relay", std::nullopt, clear(sent("<a@foreign.test>", "<b@elsewhere.test>"))},
      {"any-certificate-relays", dns("evil.test"), foreign},
      {"refuses-null-sender", std::nullopt, clear(sent("<>", "<b@contoso.test>"))},
      {"denies-with-250-then-drops", std::nullopt, clear(sent("<a@foreign.test>", "<b@elsewhere.test>"))},
      {"wrong-reply-code", std::nullopt, clear(hello + mail + toExternal)},
      {"temporary-enhanced-code", std::nullopt, clear(hello + mail + toExternal)},
      {"requires-tls-for-local", std::nullopt, clear(hello + mail + toLocal)},
      {"drops-after-denial", std::nullopt, clear(hello + mail + toExternal + "NOOP\r\n")},
      {"starttls-injection", dns("evil.test"), {toTls + "NOOP\r\n"}},
      {"state-kept-over-starttls", dns("evil.test"), {hello + mail + "STARTTLS\r\n", toLocal}},
      {"trusts-client-tenant-header", std::nullopt,
       clear(hello + mail + toLocal + "DATA\r\nX-Tenant: evil\r\n\r\nhi\r\n.\r\n")},
      {"lf-dot-lf-ends-data", std::nullopt, clear(hello + mail + toLocal + "DATA\r\nhi\n.\nNOOP\r\n.\r\n")},
      {"lf-dot-crlf-ends-data", std::nullopt, clear(hello + mail + toLocal + "DATA\r\nhi\n.\r\nNOOP\r\n.\r\n")},
      {"cr-dot-crlf-ends-data", std::nullopt, clear(hello + mail + toLocal + "DATA\r\nhi\r.\r\nNOOP\r\n.\r\n")},
      {"bare-line-ends-passed-on", std::nullopt, clear(hello + mail + toLocal + "DATA\r\nh\ni\r\n.\r\n")},
      {"crlf-dot-lf-ends-data", std::nullopt, clear(hello + mail + toLocal + "DATA\r\nhi\r\n.\nNOOP\r\n.\r\n")},
      {"dot-and-space-end-data", std::nullopt, clear(hello + mail + toLocal + "DATA\r\nhi\r\n. \r\nNOOP\r\n.\r\n")},
      {"drops-what-follows-a-message", std::nullopt, clear(hello + mail + toLocal + "DATA\r\nhi\r\n.\r\nNOOP\r\n")},
      {"end-of-data-within-a-segment", std::nullopt, {hello + mail + toLocal + "DATA\r\nhi\r\n.", "\r\n"}},
      {"last-in-capitals-only", std::nullopt, clear(hello + mail + toLocal + "BDAT 4 last\r\nhi\r\n")},
      {"refused-chunk-read-as-commands", std::nullopt, clear(hello + "BDAT 6 LAST\r\nNOOP\r\n")},
      {"size-refused", std::nullopt, clear(hello + "MAIL FROM:<a@b.test> SIZE=100\r\n")},
      {"second-mail-sets-sender", std::nullopt, clear(hello + "MAIL FROM:<a@contoso.test>\r\n" + mail + toExternal),
       contosoAddress},
      {"bdat-skips-check", std::nullopt, clear(hello + mail + toLocal + "BDAT 3 LAST\r\nh\ni")},
      {"denied-but-passed-on", std::nullopt, clear(sent("<a@foreign.test>", "<b@elsewhere.test>"))},
      {"passes-on-twice", std::nullopt, clear(sent("<a@foreign.test>", "<b@contoso.test>"))},
      {"loses-accepted-mail", std::nullopt, clear(sent("<a@foreign.test>", "<b@contoso.test>"))},
      {"xclient-believed", std::nullopt,
       clear("XCLIENT ADDR=127.0.0.20\r\n" + sent("<a@contoso.test>", "<b@elsewhere.test>"))},
      {"any-password-relays", std::nullopt, clear(hello + "AUTH PLAIN AGEAYg==\r\n" + mail + toExternal)},
  };
}

// Those that only a handshake shows; the test of the relay has them.
const std::set<std::string> shownByHandshakes = {
    "accepts-self-signed",         "accepts-unknown-ca",       "accepts-expired",
    "accepts-not-yet-valid",       "accepts-forged-signature", "accepts-leaf-as-issuer",
    "ignores-name-constraints",    "ignores-path-length",      "never-asks-for-certificate",
    "crashes-on-empty-dns-name",   "five-minutes-of-grace",    "resumed-session-unverified",
    "renegotiation-keeps-identity"};

// Those that take more than a dialogue of a few lines: runners/kill-matrix shows them.
const std::set<std::string> shownByCasesAlone = {"passes-on-what-was-cut-off",
                                                 "sessions-share-identity",
                                                 "proxy-header-believed",
                                                 "sessions-share-recipients",
                                                 "long-messages-unmarked",
                                                 "tenant-header-kept-to-postmaster",
                                                 "reset-keeps-recipients",
                                                 "chunks-checked-one-by-one",
                                                 "empty-chunk-refused",
                                                 "bdat-skips-verdict",
                                                 "dot-behind-full-line-buffer",
                                                 "fifty-recipients-at-most",
                                                 "first-ten-names-only",
                                                 "first-hundred-names-only",
                                                 "dns-truncated-63",
                                                 "recipients-beyond-fifty-unchecked",
                                                 "first-entry-of-list-alone",
                                                 "list-of-leaf-alone",
                                                 "list-signature-unchecked",
                                                 "missing-list-taken",
                                                 "overdue-list-taken",
                                                 "revoked-answer-ignored",
                                                 "serial-compared-in-part",
                                                 "serials-of-any-issuer",
                                                 "waits-for-list-forever",
                                                 "dots-left-doubled",
                                                 "dots-of-chunks-taken-off",
                                                 "eighth-bit-cleared",
                                                 "message-cut-at-32k",
                                                 "resumed-session-keeps-tenancy",
                                                 "resumed-session-refused",
                                                 "reload-never-removes",
                                                 "reload-keeps-addresses",
                                                 "reload-keeps-domains",
                                                 "reload-keeps-partners",
                                                 "reload-knows-no-new-tenants",
                                                 "notification-skips-check",
                                                 "original-recipient-decides",
                                                 "original-recipient-gets-it",
                                                 "server-name-as-identity",
                                                 "server-name-chooses-tenant",
                                                 "other-listener-recalls-unverified",
                                                 "other-listener-relays-for-all",
                                                 "other-listener-unverified",
                                                 "post-handshake-keeps-identity",
                                                 "offers-starttls-again",
                                                 "replies-end-in-lf",
                                                 "tenant-header-kept-in-chunks",
                                                 "tenant-header-kept-with-smtputf8",
                                                 "tenant-header-kept-with-8bitmime",
                                                 "tenant-header-kept-for-several",
                                                 "tenant-header-kept-in-second",
                                                 "tenant-header-kept-in-clear",
                                                 "smtputf8-skips-check",
                                                 "trust-remembered-by-key",
                                                 "names-remembered-by-serial",
                                                 "identity-remembered-by-ehlo",
                                                 "recipient-denied-for-all",
                                                 "address-octets-as-dns",
                                                 "sender-address-remembered",
                                                 "abuse-mailbox-anywhere"};

Conduct conductOf(const std::string& name) {
  Conduct conduct;
  const std::vector<KnownBug> bugs = knownBugs();
  const auto bug = std::ranges::find(bugs, name, &KnownBug::name);
  EXPECT_NE(bug, bugs.end()) << name;
  if (bug != bugs.end()) bug->put(conduct);
  return conduct;
}

std::string answer(const Probe& probe, const Conduct& conduct) {
  Identity identity;
  if (probe.leaf) {
    std::optional<testing::Minted> issuer;
    if (probe.issuer) issuer = testing::mint(*probe.issuer);
    const testing::Minted leaf = testing::mint(*probe.leaf, issuer ? &*issuer : nullptr);
    std::optional<testing::Minted> other;
    std::vector<const testing::Minted*> behind;
    if (probe.behind) behind.push_back(&other.emplace(testing::mint(*probe.behind)));
    if (issuer) behind.push_back(&*issuer);
    identity = testing::identityOf(leaf, conduct, behind);
  }
  return testing::play(testing::serviceWith(conduct), identity, probe.address, probe.segments);
}

TEST(KnownBugs, AreDescribedOnceEachAndHaveAFile) {
  const std::set<std::string> kinds = {"hole", "refusal", "reply", "protocol", "robustness"};
  std::set<std::string> names;
  for (const KnownBug& bug : knownBugs()) {
    EXPECT_TRUE(names.insert(bug.name).second) << bug.name;
    EXPECT_TRUE(kinds.contains(bug.kind)) << bug.name;
    EXPECT_TRUE(bug.wrong.ends_with('.')) << bug.name;
    EXPECT_FALSE(bug.record.empty()) << bug.name;
    ASSERT_NE(bug.put, nullptr) << bug.name;
    std::string file = bug.name;
    std::ranges::replace(file, '-', '_');
    EXPECT_TRUE(std::filesystem::exists(RELAYPROOF_SOURCE_DIR "/runners/reference/bugs/" + file + ".cpp")) << bug.name;
  }
  EXPECT_GE(names.size(), 30U);
}

TEST(KnownBugs, ShowInTheDialogueThatIsAimedAtThem) {
  std::set<std::string> probed = shownByHandshakes;
  probed.insert(shownByCasesAlone.begin(), shownByCasesAlone.end());
  for (const Probe& probe : probes()) {
    probed.insert(probe.bug);
    EXPECT_NE(answer(probe, conductOf(probe.bug)), answer(probe, {})) << probe.bug;
  }
  for (const KnownBug& bug : knownBugs()) EXPECT_TRUE(probed.contains(bug.name)) << bug.name << " has no probe";
}

// A hole leaves everything else right, so that only what is aimed at it can notice it.
TEST(KnownBugs, ThatAreHolesLeaveTheRestRight) {
  const std::set<std::string> wide = {"open-relay",
                                      "any-certificate-relays",
                                      "denies-with-250-then-drops",
                                      "denied-but-passed-on",
                                      "sender-address-remembered",    // from one session to the next
                                      "identity-remembered-by-ehlo",  // the same
                                      "bdat-skips-verdict"};          // which denies DATA at another stage
  const Probe plain[] = {
      {"", dns("relay.contoso.test"), {toTls, sent("<a@foreign.test>", "<b@elsewhere.test>")}},
      {"", subject("mail.fabrikam.test"), {toTls, sent("<>", "<b@elsewhere.test>")}},
      {"", dns("*.contoso.test"), {toTls, sent("<>", "<b@elsewhere.test>")}},
      {"", dns("gate.northwind.test"), {toTls, sent("<a@northwind.test>", "<b@elsewhere.test>")}},
      {"", std::nullopt, {sent("<a@contoso.test>", "<b@elsewhere.test>")}, contosoAddress},
      {"", std::nullopt, {sent("<>", "<b@contoso.test>")}},
      {"", std::nullopt, {sent("<a@partner.example>", "<b@northwind.test>")}},
      {"", std::nullopt, {sent("<a@foreign.test>", "<b@elsewhere.test>")}},
      {"", dns("other.example"), {toTls, sent("<a@foreign.test>", "<b@elsewhere.test>")}},
      {"", std::nullopt, {toTls, sent("<a@foreign.test>", "<b@elsewhere.test>")}},
  };
  for (const KnownBug& bug : knownBugs()) {
    if (bug.kind != "hole" || wide.contains(bug.name)) continue;
    const Conduct conduct = conductOf(bug.name);
    for (const Probe& probe : plain) EXPECT_EQ(answer(probe, conduct), answer(probe, {})) << bug.name;
  }
}

}  // namespace
}  // namespace relayproof::reference
