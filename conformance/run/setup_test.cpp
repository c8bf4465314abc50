#include "conformance/run/setup.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "conformance/catalogue/needs.h"
#include "conformance/catalogue/test_support.h"

namespace relayproof::run {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Expected<Setup> read(const std::string& text) { return readDocument(text, "relay.json", readSetup); }

std::string errorOf(const std::string& text) {
  const auto setup = read(text);
  return setup ? "" : setup.error().text();
}

std::string errorOf(const Setup& setup) {
  const auto target = targetOf(setup);
  return target ? "" : target.error().text();
}

TEST(Setup, EveryKeyIsRead) {
  const auto setup = read(R"({
    "$schema": "x", "schema": "relayproof.setup/1", "target": "mx.lab.test:2525", "operated": true, "tls": "implicit",
    "otherTarget": "mx.lab.test:25", "profile": "strict", "tenants": "all", "addresses": {"gateway": "192.0.2.5"}, "clientAddress": "xclient",
    "domainMap": {"contoso.test": "lab.example"}, "issuer": {"certificate": "ca.pem", "key": "ca.key"},
    "recipients": {"external": "someone@elsewhere.test"}, "senders": {"foreign": "me@foreign.test"}, "ehlo": "me.test",
    "sni": "mx.lab.test", "serverCa": "ca.pem", "nextHop": "127.0.0.1:1", "localHop": "127.0.0.1:2",
    "tenantHeader": "X-Mine", "settle": 0.5, "noData": true, "denyStage": "endOfData",
    "without": ["partner", "chunking"], "rate": 2.5, "timeout": 7})");
  ASSERT_TRUE(setup) << setup.error().text();
  EXPECT_EQ(setup->target, "mx.lab.test:2525");
  EXPECT_TRUE(setup->operated);
  EXPECT_TRUE(setup->implicitTls);
  EXPECT_EQ(setup->otherTarget, "mx.lab.test:25");
  EXPECT_EQ(setup->profile, "strict");
  EXPECT_EQ(setup->addresses.at("gateway"), "192.0.2.5");
  EXPECT_EQ(setup->recipients.at("external"), "someone@elsewhere.test");
  EXPECT_EQ(setup->senders.at("foreign"), "me@foreign.test");
  EXPECT_EQ(setup->ehlo, "me.test");
  EXPECT_EQ(setup->sni, "mx.lab.test");
  EXPECT_EQ(setup->serverCa, "ca.pem");
  EXPECT_EQ(setup->nextHop, "127.0.0.1:1");
  EXPECT_EQ(setup->localHop, "127.0.0.1:2");
  EXPECT_EQ(setup->tenantHeader, "X-Mine");
  EXPECT_EQ(setup->settle, 0.5);
  EXPECT_TRUE(setup->noData);
  EXPECT_EQ(setup->denyStage, "endOfData");
  EXPECT_THAT(setup->without, ElementsAre("partner", "chunking"));
  EXPECT_EQ(setup->clientAddress, session::ClientAddress::xclient);
  EXPECT_EQ(setup->domains.json(), Json::parse(R"({"contoso.test": "lab.example"})"));
  EXPECT_EQ(setup->issuer.value().certificate, "ca.pem");
  EXPECT_EQ(setup->issuer.value().key, "ca.key");
  EXPECT_EQ(setup->rate, 2.5);
  EXPECT_EQ(setup->timeout, 7);
}

TEST(Setup, WhatIsLeftOutOrNullHasItsDefault) {
  for (const char* text : {"{}", R"({"sni": null, "serverCa": null, "settle": null, "denyStage": null, "rate": null,
       "reloadCommand": null, "healthCommand": null, "restartCommand": null, "relayLog": null, "timeout": null})"}) {
    const auto setup = read(text);
    ASSERT_TRUE(setup) << setup.error().text();
    EXPECT_THAT(setup->target, IsEmpty());
    EXPECT_FALSE(setup->operated);
    EXPECT_FALSE(setup->implicitTls);
    EXPECT_EQ(setup->profile, "exo-2017");
    EXPECT_EQ(setup->sni, std::nullopt);
    EXPECT_EQ(setup->settle, std::nullopt);
    EXPECT_EQ(setup->tenantHeader, "X-Tenant");
    EXPECT_THAT(setup->denyStage, IsEmpty());
    EXPECT_EQ(setup->clientAddress, session::ClientAddress::bind);
    EXPECT_EQ(setup->rate, 0);
    EXPECT_EQ(setup->timeout, 20);
  }
}

TEST(Setup, ErrorsNameFileKeyAndMend) {
  const std::pair<const char*, const char*> rows[] = {
      {R"({"taget": "127.0.0.1:25"})", R"(relay.json: taget: unknown key; did you mean "target"?)"},
      {R"({"zzzzzzzzzz": 1})", R"(relay.json: zzzzzzzzzz: unknown key; known here: )"},
      {R"({"schema": "relayproof.setup/2"})",
       R"(relay.json: schema: is "relayproof.setup/2"; this version reads "relayproof.setup/1")"},
      {R"({"target": 25})", "relay.json: target: must be a string"},
      {R"({"operated": "yes"})", "relay.json: operated: must be true or false"},
      {R"({"tls": "implict"})", R"(relay.json: tls: unknown value "implict"; did you mean "implicit"?)"},
      {R"({"tls": "none"})", R"(relay.json: tls: unknown value "none"; known here: starttls, implicit)"},
      {R"({"tenants": "two"})", R"(relay.json: tenants: unknown value "two"; known here: all, one)"},
      {R"({"clientAddress": "proxy"})",
       R"(relay.json: clientAddress: unknown value "proxy"; did you mean "proxy-protocol"?)"},
      {R"({"issuer": {"certificate": "ca.pem"}})", R"(relay.json: issuer: the key "key" is missing)"},
      {R"({"rate": 0})", "relay.json: rate: must be a number of sessions a second from 0.01 to 10000"},
      {R"({"addresses": ["127.0.0.1"]})", "relay.json: addresses: must be an object"},
      {R"({"addresses": {"gateway": "::1"}})",
       R"(relay.json: addresses.gateway: "::1" is no IPv4 address; write four numbers from 0 to 255 and three dots)"},
      {R"({"addresses": {"gateway": "127.0.0.256"}})", R"(relay.json: addresses.gateway: "127.0.0.256" is no)"},
      {R"({"addresses": {"gateway": 7}})", "relay.json: addresses.gateway: must be a string"},
      {R"({"ehlo": "mx one.test"})", "relay.json: ehlo: holds a space, a line end or another octet"},
      {R"({"ehlo": "mx.test\r\nRSET"})", "relay.json: ehlo: holds a space, a line end or another octet"},
      {R"({"recipients": {"external": []}})", "relay.json: recipients.external: must be a string"},
      {R"({"senders": "me"})", "relay.json: senders: must be an object"},
      {R"({"crlAddress": "127.0.0.1"})", R"(relay.json: crlAddress: "127.0.0.1" is not of the form HOST:PORT)"},
      {R"({"crlAddress": "192.0.2.9:80"})", "relay.json: crlAddress: 192.0.2.9 is outside 127.0.0.0/8"},
      {R"({"reloadCommand": "service relay reload"})",
       "relay.json: reloadCommand: does not say {plan}; write it where"},
      {R"({"settle": -1})", "relay.json: settle: must be a number of seconds from 0 to 600"},
      {R"({"settle": "1"})", "relay.json: settle: must be a number of seconds from 0 to 600"},
      {R"({"settle": 601})", "relay.json: settle: must be a number of seconds from 0 to 600"},
      {R"({"noData": 1})", "relay.json: noData: must be true or false"},
      {R"({"denyStage": "end-of-data"})",
       R"(relay.json: denyStage: unknown value "end-of-data"; did you mean "endOfData"?)"},
      {R"({"without": "partner"})", "relay.json: without: must be an array"},
      {R"({"without": [1]})", "relay.json: without[0]: must be a string"},
      {R"({"timeout": 0})", "relay.json: timeout: must be a whole number from 1 to 3600"},
      {R"({"timeout": 1.5})", "relay.json: timeout: must be a whole number from 1 to 3600"},
      {"[]", "relay.json: must be an object"},
      {"{\n\"target\":", "relay.json:2: no valid JSON"},
  };
  for (const auto& [text, message] : rows) EXPECT_THAT(errorOf(text), HasSubstr(message)) << text;
}

TEST(Setup, NamesThatNoCaseKnowsAreFound) {
  catalogue::Catalogue catalogue;
  catalogue.addresses = {{"stranger", "127.0.0.9"}};
  catalogue.families.emplace_back().tenants = {"contoso"};
  const auto found = [&](const std::string& text) {
    const auto error = unknownName(*read(text), catalogue);
    return error ? error->text() : "";
  };
  EXPECT_EQ(found(R"({"addresses": {"stranger": "127.0.0.3"}, "recipients": {"external": "a@b.test"},
                      "senders": {"local:contoso": "a@b.test", "foreign": "c@d.test"}})"),
            "");
  EXPECT_EQ(found(R"({"addresses": {"strangr": "127.0.0.3"}})"),
            R"(addresses.strangr: no case knows this name; did you mean "stranger"?)");
  EXPECT_THAT(found(R"({"recipients": {"local:nobody": "a@b.test"}})"), HasSubstr("recipients.local:nobody: no case"));
  EXPECT_THAT(found(R"({"senders": {"external": "a@b.test"}})"), HasSubstr("senders.external: no case"));
}

TEST(Setup, EveryOptionIsAKeyAndHasHelp) {
  std::set<std::string_view> names;
  for (const SetupKey& key : setupKeys()) {
    EXPECT_TRUE(names.insert(key.name).second) << key.name;
    EXPECT_THAT(key.help, testing::Not(IsEmpty())) << key.name;
    EXPECT_THAT(errorOf("{\"" + std::string(key.name) + "\": []}"), testing::Not(HasSubstr("unknown key"))) << key.name;
  }
  EXPECT_THAT(names, SizeIs(29));
}

TEST(Setup, HelpNamesEveryCapability) {
  const auto& keys = setupKeys();
  const auto without = std::ranges::find(keys, "without", &SetupKey::name);
  ASSERT_NE(without, keys.end());
  for (const catalogue::Capability& each : catalogue::capabilities()) EXPECT_THAT(without->help, HasSubstr(each.name));
}

TEST(Setup, OptionsAreKebabCase) {
  EXPECT_EQ(kebab("target"), "target");
  EXPECT_EQ(kebab("noData"), "no-data");
  EXPECT_EQ(kebab("serverCa"), "server-ca");
  EXPECT_EQ(kebab(""), "");
}

TEST(HostPort, IsReadWhole) {
  const auto plain = parseHostPort("mx.lab.test:2525", "target");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->host, "mx.lab.test");
  EXPECT_EQ(plain->port, 2525);
  EXPECT_EQ(parseHostPort("127.0.0.1:65535", "target")->port, 65535);
  for (const char* text : {"", ":", "host", "host:", ":25", "host:port", "host:25x", "host: 25", "host:-1",
                           "host:65536", "host:99999999999"}) {
    const auto bad = parseHostPort(text, "nextHop");
    ASSERT_FALSE(bad) << text;
    EXPECT_EQ(bad.error().text(),
              "nextHop: \"" + std::string(text) + "\" is not of the form HOST:PORT; for example 127.0.0.1:2525");
  }
}

TEST(Target, TakesOverWhatConcernsTheConnection) {
  run::Setup setup;
  setup.target = "localhost:2525";
  setup.implicitTls = true;
  setup.sni = "mx.lab.test";
  setup.timeout = 7;
  const auto target = targetOf(setup);
  ASSERT_TRUE(target) << target.error().text();
  EXPECT_EQ(target->host, "127.0.0.1") << "the clients bind IPv4 addresses";
  EXPECT_EQ(target->port, 2525);
  EXPECT_TRUE(target->implicitTls);
  EXPECT_EQ(target->sni, "mx.lab.test");
  EXPECT_EQ(target->timeoutSeconds, 7);
  EXPECT_THAT(target->serverAnchors, IsEmpty());
  EXPECT_FALSE(target->other);
}

TEST(Target, BeginsTlsTheOtherWayAtTheOtherPort) {
  run::Setup setup;
  setup.target = "127.0.0.1:2525";
  setup.otherTarget = "127.0.0.2:4650";
  const auto target = targetOf(setup);
  ASSERT_TRUE(target && target->other);
  EXPECT_EQ(target->other->host, "127.0.0.2");
  EXPECT_EQ(target->other->port, 4650);
  EXPECT_TRUE(target->other->implicitTls);
  EXPECT_FALSE(target->implicitTls);
  setup.implicitTls = true;
  EXPECT_FALSE(targetOf(setup)->other->implicitTls);
  setup.otherTarget = "192.0.2.1:465";
  EXPECT_THAT(errorOf(setup), HasSubstr("otherTarget: 192.0.2.1 is outside 127.0.0.0/8; "));
}

TEST(Target, OutsideLoopbackNeedsConsent) {
  for (const char* host : {"192.0.2.1", "mx.lab.test", "128.0.0.1", "127.0.0.1.example", "127.1", "localhost.test"}) {
    run::Setup setup;
    setup.target = std::string(host) + ":25";
    EXPECT_THAT(errorOf(setup), AllOf(HasSubstr("target: " + std::string(host) + " is outside 127.0.0.0/8; "),
                                      HasSubstr("\"operated\": true"), HasSubstr("--i-operate-this-relay")));
    setup.operated = true;
    EXPECT_EQ(errorOf(setup), "");
  }
  for (const char* host : {"127.0.0.1", "127.255.255.254", "localhost"}) {
    run::Setup setup;
    setup.target = std::string(host) + ":25";
    EXPECT_EQ(errorOf(setup), "") << host;
  }
}

TEST(Target, MustBeHostAndPort) {
  run::Setup setup;
  setup.target = "127.0.0.1";
  EXPECT_THAT(errorOf(setup), HasSubstr("target: \"127.0.0.1\" is not of the form HOST:PORT"));
}

TEST(Target, TheServersAuthorityIsRead) {
  const catalogue::test::Corpus folder;
  const certs::Mint mint = catalogue::test::shippedMint();
  folder.write("ca.pem", certs::pem("CERTIFICATE", mint.trustAnchors().front()));
  folder.write("empty.pem", "no certificate at all");
  run::Setup setup;
  setup.target = "127.0.0.1:25";
  setup.serverCa = folder.folder() + "/ca.pem";
  const auto target = targetOf(setup);
  ASSERT_TRUE(target) << target.error().text();
  EXPECT_EQ(target->serverAnchors, mint.trustAnchors());

  setup.serverCa = folder.folder() + "/missing.pem";
  EXPECT_THAT(errorOf(setup),
              AllOf(HasSubstr("missing.pem: serverCa: cannot be read: No such file"), HasSubstr("; name a PEM file")));
  setup.serverCa = folder.folder();
  EXPECT_THAT(errorOf(setup), HasSubstr(folder.folder() + ": serverCa: is a folder"));
  setup.serverCa = folder.folder() + "/empty.pem";
  EXPECT_THAT(errorOf(setup), HasSubstr("empty.pem"));
}

TEST(Bindings, OverTheDefaults) {
  run::Setup setup;
  setup.addresses["gateway"] = "192.0.2.5";
  setup.recipients["external"] = "someone@elsewhere.test";
  setup.senders["foreign"] = "me@foreign.test";
  EXPECT_EQ(bindingsOf(setup).ehlo, catalogue::Bindings().ehlo);
  setup.ehlo = "me.test";
  const catalogue::Bindings bindings = bindingsOf(setup);
  EXPECT_EQ(bindings.ehlo, "me.test");
  EXPECT_EQ(bindings.addresses, setup.addresses);
  EXPECT_EQ(bindings.recipients, setup.recipients);
  EXPECT_EQ(bindings.senders, setup.senders);
}

}  // namespace
}  // namespace relayproof::run
