#include "runners/reference/relay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "runners/reference/test_peers.h"
#include "runners/reference/test_tenancy.h"

namespace relayproof::reference {
namespace {

using testing::authoritySpec;
using testing::Client;
using ::testing::HasSubstr;
using testing::leafSpec;
using ::testing::MatchesRegex;
using testing::mint;
using testing::Minted;
using ::testing::Not;
using testing::Sink;
using testing::Spec;

const std::string denied = "550 5.7.64 Relay Access Denied ATTR36\r\n";

// An authority that the relay trusts, an intermediate one, and leaves.
struct Authorities {
  Minted root = mint(authoritySpec("Root of the tests"));
  Minted issuing = mint(authoritySpec("Issuing authority of the tests"), &root);
  Minted good = mint(leafSpec({"relay.contoso.test"}), &issuing);
  Minted evil = mint(leafSpec({"evil.test"}), &issuing);
  std::string tenancy = testing::tenancyWith(nlohmann::json::array({testing::pemOf(root.certificate.get())}).dump());
};

const Authorities& authorities() {
  static const Authorities made;
  return made;
}

std::unique_ptr<Relay> startRelay(Options options = {}) {
  if (options.tenancy.empty()) options.tenancy = authorities().tenancy;
  auto started = Relay::start(options);
  if (auto* problem = std::get_if<Problem>(&started)) {
    ADD_FAILURE() << problem->text;
    return nullptr;
  }
  return std::move(std::get<std::unique_ptr<Relay>>(started));
}

std::string openTransaction(Client& client, const std::string& sender, const std::string& recipient) {
  client.say("EHLO client.test");
  client.say("MAIL FROM:<" + sender + ">");
  return client.say("RCPT TO:<" + recipient + ">");
}

// The reply to an external recipient from a foreign sender over TLS; empty where it does not come so far.
std::string relayReply(Relay& relay, const Minted* leaf, const std::vector<const Minted*>& chain,
                       int version = TLS1_3_VERSION) {
  Client client(relay.port());
  client.say("EHLO client.test");
  if (!client.startTls(leaf, chain, {}, version)) return {};
  return openTransaction(client, "a@foreign.test", "b@elsewhere.test");
}

TEST(Relay, RelaysForACertificateAndDeniesWithoutOne) {
  const auto relay = startRelay();
  const Authorities& a = authorities();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    EXPECT_THAT(relayReply(*relay, &a.good, {&a.issuing}, version), HasSubstr("250 2.1.5"));
    EXPECT_EQ(relayReply(*relay, &a.evil, {&a.issuing}, version), denied);
    EXPECT_EQ(relayReply(*relay, nullptr, {}, version), denied);
    EXPECT_EQ(relayReply(*relay, &a.good, {}, version), denied) << "without the intermediate";
  }
  Client plain(relay->port());
  EXPECT_EQ(openTransaction(plain, "a@contoso.test", "b@elsewhere.test"), denied);
  Client byAddress(relay->port(), "127.0.0.20");
  EXPECT_THAT(openTransaction(byAddress, "a@contoso.test", "b@elsewhere.test"), HasSubstr("250"));
}

TEST(Relay, ShowsItsAuthoritiesAndNeverResumes) {
  const auto relay = startRelay();
  Client client(relay->port());
  client.say("EHLO client.test");
  ASSERT_TRUE(client.startTls(&authorities().good, {&authorities().issuing}));
  const STACK_OF(X509_NAME)* names = SSL_get0_peer_CA_list(client.ssl());
  ASSERT_EQ(sk_X509_NAME_num(names), 1);
  EXPECT_EQ(X509_NAME_cmp(sk_X509_NAME_value(names, 0), X509_get_subject_name(authorities().root.certificate.get())),
            0);
  EXPECT_THAT(client.say("EHLO client.test"), Not(HasSubstr("STARTTLS")));
  EXPECT_EQ(SSL_SESSION_is_resumable(SSL_get_session(client.ssl())), 0);
  EXPECT_THAT(client.say("QUIT"), HasSubstr("221"));
}

TEST(Relay, DropsWhatWasInjectedBehindStartTls) {
  const auto relay = startRelay();
  Client client(relay->port());
  client.say("EHLO client.test");
  ASSERT_TRUE(client.startTls(nullptr, {}, "NOOP\r\nNOOP\r\n"));
  EXPECT_THAT(client.say("HELP"), HasSubstr("214"));
}

struct Flaw {
  const char* bug;
  std::vector<Minted> chain;  // leaf first
};

std::vector<Flaw> flaws() {
  const Authorities& a = authorities();
  const Spec good = leafSpec({"relay.contoso.test"});
  const auto with = [&](std::vector<std::pair<int, std::string>> extensions, std::string name = "relay.contoso.test") {
    Spec spec = leafSpec({std::move(name)});
    spec.extensions = std::move(extensions);
    return spec;
  };
  std::vector<Flaw> made;
  const auto add = [&](const char* bug, auto... chain) {
    made.push_back({bug, {}});
    (made.back().chain.push_back(std::move(chain)), ...);
  };
  Spec expired = good;
  expired.notAfter = -60;
  Spec future = good;
  future.notBefore = 3600;
  add("accepts-self-signed", mint(good));
  Minted stranger = mint(authoritySpec("A stranger"));
  Minted underStranger = mint(good, &stranger);
  add("accepts-unknown-ca", std::move(underStranger), std::move(stranger));
  add("accepts-expired", mint(expired, &a.root));
  add("accepts-not-yet-valid", mint(future, &a.root));
  Minted impostor = mint(authoritySpec("Root of the tests"));
  add("accepts-forged-signature", mint(good, &impostor));
  Spec noAuthority = with({{NID_basic_constraints, "critical,CA:FALSE"}}, "evil.test");
  noAuthority.subject = authoritySpec("No authority").subject;
  Minted leafAsIssuer = mint(noAuthority, &a.root);
  Minted underLeafAsIssuer = mint(good, &leafAsIssuer);
  add("accepts-leaf-as-issuer", std::move(underLeafAsIssuer), std::move(leafAsIssuer));
  Spec constrained = authoritySpec("Constrained");
  constrained.extensions.emplace_back(NID_name_constraints, "critical,permitted;DNS:evil.test");
  Minted narrow = mint(constrained, &a.root);
  Minted underNarrow = mint(good, &narrow);
  add("ignores-name-constraints", std::move(underNarrow), std::move(narrow));
  Minted shallow = mint(authoritySpec("Shallow", "critical,CA:TRUE,pathlen:0"), &a.root);
  Minted deep = mint(authoritySpec("Deep"), &shallow);
  Minted underDeep = mint(good, &deep);
  add("ignores-path-length", std::move(underDeep), std::move(deep), std::move(shallow));
  return made;
}

TEST(Relay, TrustsNoFlawedChainUnlessABugForgivesIt) {
  const auto right = startRelay();
  for (const Flaw& flaw : flaws()) {
    Options options;
    options.bug = flaw.bug;
    const auto wrong = startRelay(options);
    std::vector<const Minted*> chain;
    for (std::size_t i = 1; i < flaw.chain.size(); ++i) chain.push_back(&flaw.chain[i]);
    EXPECT_EQ(relayReply(*right, &flaw.chain[0], chain), denied) << flaw.bug;
    EXPECT_THAT(relayReply(*wrong, &flaw.chain[0], chain), HasSubstr("250")) << flaw.bug;
    EXPECT_EQ(relayReply(*wrong, &authorities().evil, {&authorities().issuing}), denied) << flaw.bug;
    for (const Flaw& other : flaws()) {
      if (std::string_view(other.bug) == flaw.bug) continue;
      std::vector<const Minted*> others;
      for (std::size_t i = 1; i < other.chain.size(); ++i) others.push_back(&other.chain[i]);
      EXPECT_EQ(relayReply(*wrong, &other.chain[0], others), denied) << flaw.bug << " " << other.bug;
    }
  }
}

TEST(Relay, AsksWhatKeysAreFor) {
  const auto relay = startRelay();
  const auto reply = [&](int nid, const char* value) {
    Spec spec = leafSpec({"relay.contoso.test"});
    spec.extensions = {{nid, value}};
    const Minted leaf = mint(spec, &authorities().root);
    return relayReply(*relay, &leaf, {});
  };
  EXPECT_THAT(reply(NID_ext_key_usage, "clientAuth"), HasSubstr("250"));
  EXPECT_THAT(reply(NID_ext_key_usage, "serverAuth"), HasSubstr("250"));
  EXPECT_EQ(reply(NID_ext_key_usage, "emailProtection"), denied);
  EXPECT_EQ(reply(NID_key_usage, "keyEncipherment"), denied);
}

TEST(Relay, KnowsTheRevocationListsItIsGiven) {
  const Authorities& a = authorities();
  const std::string file = ::testing::TempDir() + "relay_test.crl." + std::to_string(getpid());
  std::ofstream(file) << testing::pemOf(testing::mintList(a.issuing, {.revoked = {&a.good}}).get());
  Options options;
  options.revocationLists = {file};
  const auto relay = startRelay(options);
  std::filesystem::remove(file);
  const Minted other = mint(leafSpec({"relay.contoso.test"}), &a.issuing);
  EXPECT_EQ(relayReply(*relay, &a.good, {&a.issuing}), denied);
  EXPECT_THAT(relayReply(*relay, &other, {&a.issuing}), HasSubstr("250"));
}

TEST(Relay, DeniesInOtherWordsByTheOption) {
  Options options;
  options.denyReply = "policy5xx";
  const auto relay = startRelay(options);
  EXPECT_THAT(relayReply(*relay, nullptr, {}), HasSubstr("554 5.7.1"));
}

TEST(Relay, RefusesABadCertificateInThreeForms) {
  const Minted selfSigned = mint(leafSpec({"relay.contoso.test"}));
  for (const char* form : {"alert", "421", "close"}) {
    Options options;
    options.untrusted = "refuseTls";
    options.refusal = form;
    const auto relay = startRelay(options);
    EXPECT_THAT(relayReply(*relay, &authorities().good, {&authorities().issuing}), HasSubstr("250")) << form;
    EXPECT_EQ(relayReply(*relay, nullptr, {}), denied) << form;
    Client client(relay->port());
    client.say("EHLO client.test");
    ASSERT_TRUE(client.startTls(&selfSigned)) << form;  // in TLS 1.3 the refusal shows only on reading
    const std::string reply = client.say("EHLO client.test");
    if (form == std::string("421")) {
      EXPECT_THAT(reply, HasSubstr("421 4.7.1"));
    } else {
      EXPECT_EQ(reply, "") << form;
    }
  }
}

TEST(Relay, NeverAsksOrEndsSuddenlyWhereABugSaysSo) {
  const Authorities& a = authorities();
  Options options;
  options.bug = "never-asks-for-certificate";
  const auto deaf = startRelay(options);
  EXPECT_EQ(relayReply(*deaf, &a.good, {&a.issuing}), denied);
  options.bug = "crashes-on-empty-dns-name";
  const auto frail = startRelay(options);
  const Minted empty = mint(leafSpec({"relay.contoso.test", ""}), &a.root);
  EXPECT_EQ(relayReply(*frail, &empty, {}), "");
  EXPECT_THAT(relayReply(*frail, &a.good, {&a.issuing}), HasSubstr("250"));
}

TEST(Relay, PassesOnExactOctetsOverOneKeptConnection) {
  for (const bool pipelining : {true, false}) {
    Sink next(pipelining);
    Sink local(pipelining);
    Options options;
    options.nextHop = next.address();
    options.localHop = local.address();
    const auto relay = startRelay(options);
    for (int i = 0; i < 2; ++i) {
      Client client(relay->port());
      client.say("EHLO client.test");
      ASSERT_TRUE(client.startTls(&authorities().good, {&authorities().issuing}));
      EXPECT_THAT(openTransaction(client, "", "b@elsewhere.test"), HasSubstr("250"));
      EXPECT_THAT(client.say("RCPT TO:<@route.test:c@contoso.test>"), HasSubstr("250"));
      client.say("DATA");
      EXPECT_THAT(client.say("x-tenant: evil\r\nSubject: x\r\n\r\n..dot\r\n..\r\nh\xC3\xA9\r\n."), HasSubstr("250"));
    }
    ASSERT_EQ(next.messages().size(), 2U);
    ASSERT_EQ(local.messages().size(), 2U);
    EXPECT_EQ(next.connections(), 1);
    const std::string body = pipelining ? " BODY=8BITMIME" : "";
    EXPECT_EQ(next.messages()[1].envelope, "MAIL FROM:<>" + body + " RCPT TO:<b@elsewhere.test>");
    EXPECT_EQ(local.messages()[1].envelope, "MAIL FROM:<>" + body + " RCPT TO:<c@contoso.test>");
    EXPECT_THAT(next.messages()[1].content,
                MatchesRegex("Received: from client.test \\(\\[127.0.0.1\\]\\) by relay.test with ESMTPS; [^\r\n]*\r\n"
                             "X-Tenant: contoso\r\nSubject: x\r\n\r\n..dot\r\n..\r\nh\xC3\xA9\r\n"));
  }
}

TEST(Relay, OpensALostConnectionAnew) {
  Sink sink(true, true);
  Options options;
  options.localHop = sink.address();
  const auto relay = startRelay(options);
  for (int i = 0; i < 3; ++i) {
    Client client(relay->port());
    openTransaction(client, "a@foreign.test", "b@contoso.test");
    client.say("DATA");
    EXPECT_THAT(client.say("hi\r\n."), HasSubstr("250"));
  }
  EXPECT_EQ(sink.messages().size(), 3U);
  EXPECT_EQ(sink.connections(), 3);
}

TEST(Relay, SaysWhenTheNextServerDoesNotTakeIt) {
  Sink busy(true, false, "452 4.3.1 Full");
  Options options;
  options.localHop = busy.address();
  options.nextHop = "127.0.0.1:1";
  const auto relay = startRelay(options);
  Client client(relay->port(), "127.0.0.20");
  openTransaction(client, "a@contoso.test", "b@contoso.test");
  client.say("DATA");
  EXPECT_THAT(client.say("hi\r\n."), HasSubstr("451 4.4.1"));
  openTransaction(client, "a@contoso.test", "b@elsewhere.test");
  client.say("DATA");
  EXPECT_THAT(client.say("hi\r\n."), HasSubstr("451 4.4.1"));
}

TEST(Relay, ServesManySessionsOnSeveralThreads) {
  Options options;
  options.threads = 2;
  Sink sink;
  options.localHop = sink.address();
  const auto relay = startRelay(options);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 40; ++i) clients.push_back(std::make_unique<Client>(relay->port()));
  for (const auto& client : clients) {
    EXPECT_THAT(openTransaction(*client, "a@foreign.test", "b@contoso.test"), HasSubstr("250"));
    client->say("DATA");
  }
  clients.resize(20);  // the others leave in the middle
}

TEST(Relay, RefusesWrongOptionsWithTheirName) {
  const auto problemOf = [](auto change) {
    Options options;
    options.tenancy = authorities().tenancy;
    change(options);
    const auto started = Relay::start(options);
    const auto* problem = std::get_if<Problem>(&started);
    return problem ? problem->text : std::string();
  };
  EXPECT_THAT(problemOf([](Options& o) { o.host = "nowhere"; }), HasSubstr("host: \"nowhere\""));
  EXPECT_THAT(problemOf([](Options& o) { o.denyStage = "later"; }), HasSubstr("denyStage: \"later\""));
  EXPECT_THAT(problemOf([](Options& o) { o.untrusted = "x"; }), HasSubstr("untrusted"));
  EXPECT_THAT(problemOf([](Options& o) { o.refusal = "x"; }), HasSubstr("refusal"));
  EXPECT_THAT(problemOf([](Options& o) { o.denyReply = "x"; }), HasSubstr("denyReply"));
  EXPECT_THAT(problemOf([](Options& o) { o.revocationLists = {"no/such"}; }), HasSubstr("revocationLists: no/such"));
  EXPECT_THAT(problemOf([](Options& o) { o.nextHop = "127.0.0.1"; }), HasSubstr("nextHop"));
  EXPECT_THAT(problemOf([](Options& o) { o.localHop = ":"; }), HasSubstr("localHop"));
  EXPECT_THAT(problemOf([](Options& o) { o.bug = "no-such-bug"; }), HasSubstr("bug: \"no-such-bug\""));
  EXPECT_THAT(problemOf([](Options& o) { o.tenantHeader = "a: b"; }), HasSubstr("tenantHeader"));
  EXPECT_THAT(problemOf([](Options& o) { o.tenancy = "{}"; }), HasSubstr("tenants"));
  for (const char* anchor : {"-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\\n", "-----BEGIN NOTHING"})
    EXPECT_THAT(problemOf([&](Options& o) { o.tenancy = testing::tenancyWith("[\"" + std::string(anchor) + "\"]"); }),
                HasSubstr("trustAnchors[0]"));
  const auto taken = startRelay();
  EXPECT_THAT(problemOf([&](Options& o) { o.port = taken->port(); }), HasSubstr("port"));
}

}  // namespace
}  // namespace relayproof::reference
