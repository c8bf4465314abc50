#include "conformance/run/reproduce.h"

#include <gmock/gmock.h>

namespace relayproof::run {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::vector<wire::Transaction> kOne = {
    {"a'b%\\@foreign.example", "", {"c@elsewhere.example"}, "x\n.\n\0y\r\n", false}};

std::string command(const catalogue::Case& one, std::vector<wire::Step> steps) {
  return reproduceCommand(one, steps, kOne, "127.0.0.1:2525", "127.0.0.7");
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
