#include "conformance/run/reproduce.h"

#include <gmock/gmock.h>

namespace relayproof::run {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::vector<wire::Transaction> kOne = {
    {"a'b%\\@foreign.example", "", {"c@elsewhere.example"}, "x\n.\n\0y\r\n", false}};

std::string command(const catalogue::Case& one, std::vector<wire::Step> steps, Setup setup = {}) {
  setup.target = "127.0.0.1:2525";
  return reproduceCommand(one, steps, kOne, setup, "127.0.0.7");
}

TEST(Reproduce, SaysTheDialogueWithTheFixture) {
  catalogue::Case one;
  one.id = "family.one";
  one.fixture = "family.default";
  one.tls = "1.2";
  EXPECT_THAT(command(one, wire::plainDialogue("client.example", true, 1)),
              AllOf(HasSubstr("certs --out by-hand/family.default --force --filter 'family.default'"),
                    HasSubstr("-key by-hand/family.default/family.default.key.pem"),
                    HasSubstr("-connect 127.0.0.1:2525 -bind 127.0.0.7 -tls1_2"),
                    HasSubstr("printf 'RCPT TO:<c@elsewhere.example>\\r\\n'")));
}

TEST(Reproduce, GetsThereAsTheSetUpSays) {
  catalogue::Case one;
  one.id = "family.one";
  const auto steps = wire::plainDialogue("client.example", true, 1);
  EXPECT_THAT(command(one, steps), AllOf(HasSubstr("-starttls smtp"), Not(HasSubstr("-servername"))));
  run::Setup setup;
  setup.implicitTls = true;
  setup.sni = "mx.lab.test";
  EXPECT_THAT(command(one, steps, setup),
              AllOf(Not(HasSubstr("-starttls")), HasSubstr("-bind 127.0.0.7 -servername mx.lab.test")));
  one.sni = "other.test";
  EXPECT_THAT(command(one, steps, setup), AllOf(HasSubstr("-servername other.test"), Not(HasSubstr("mx.lab.test"))));
  setup.clientAddress = session::ClientAddress::proxyProtocol;
  EXPECT_THAT(command(one, steps, setup), HasSubstr("relayproof run --filter 'family.one' --target 127.0.0.1:2525 "
                                                    "--tls implicit --client-address proxy-protocol"));
}

TEST(Reproduce, GoesToTheListenerOfTheCase) {
  catalogue::Case one;
  one.id = "family.one";
  one.otherListener = true;
  run::Setup setup;
  setup.otherTarget = "127.0.0.1:4650";
  const auto steps = wire::plainDialogue("client.example", true, 1);
  EXPECT_THAT(command(one, steps, setup), AllOf(HasSubstr("-connect 127.0.0.1:4650"), Not(HasSubstr("-starttls"))));
  setup.implicitTls = true;
  EXPECT_THAT(command(one, steps, setup), HasSubstr("-starttls smtp -connect 127.0.0.1:4650"));
  one.earlier.emplace();
  EXPECT_THAT(command(one, steps, setup), HasSubstr("--tls implicit --other-target 127.0.0.1:4650"));
}

TEST(Reproduce, EscapesWhatTheShellOrPrintfWouldRead) {
  EXPECT_THAT(command({}, wire::plainDialogue("client.example", true, 1)),
              HasSubstr("MAIL FROM:<a\\047b%%\\134@foreign.example>"));
}

TEST(Reproduce, NeedsNoTlsToolInTheClear) {
  catalogue::Case one;
  one.tls = "none";
  EXPECT_THAT(command(one, wire::plainDialogue("client.example", false, 1)),
              AllOf(HasSubstr("/dev/tcp/127.0.0.1/2525"), Not(HasSubstr("s_client"))));
}

TEST(Reproduce, OctetsBeforeTheHandshakeNeedTheRunItself) {
  catalogue::Case one;
  one.id = "session.injected";
  EXPECT_THAT(command(one, {wire::step::Connect{}, wire::step::Ehlo{"x"}, wire::step::Send{"STARTTLS\r\nNOOP\r\n"},
                            wire::step::Handshake{}}),
              HasSubstr("relayproof run --filter 'session.injected'"));
}

}  // namespace
}  // namespace relayproof::run
