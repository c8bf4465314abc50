#include "conformance/run/reproduce.h"

#include <gmock/gmock.h>

#include <array>
#include <cstdio>
#include <string>

namespace relayproof::run {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kTarget = "192.0.2.1:2525";

std::vector<wire::Transaction> to(std::string recipient) {
  wire::Transaction transaction;
  transaction.mailFrom = "me@foreign.test";
  transaction.recipients = {std::move(recipient)};
  return {transaction};
}

std::string command(const catalogue::Case& one, const std::string& recipient, const std::string& source = "") {
  return reproduceCommand(one, to(recipient), kTarget, source);
}

/// What a shell makes of the command's talk: `openssl` and `sleep` are replaced, so nothing is sent or waited for.
std::string spoken(const std::string& recipient) {
  const std::string script = "openssl() { cat; }; sleep() { :; }; " + command({}, recipient);
  std::string quoted;
  for (const char c : script) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  FILE* shell = popen(("bash -c '" + quoted + "'").c_str(), "r");
  std::string octets;
  std::array<char, 256> buffer{};
  for (std::size_t got; (got = fread(buffer.data(), 1, buffer.size(), shell)) > 0;) octets.append(buffer.data(), got);
  EXPECT_EQ(pclose(shell), 0) << script;
  return octets;
}

TEST(Reproduce, SpeaksThePlainDialogue) {
  EXPECT_EQ(spoken("you@elsewhere.test"),
            "ehlo client.example\r\nmail from:<me@foreign.test>\r\nrcpt to:<you@elsewhere.test>\r\ndata\r\n"
            "subject: by hand\r\n\r\nhello\r\n.\r\nquit\r\n");
}

TEST(Reproduce, EveryOctetArrivesAsItIs) {
  std::string octets;
  for (int i = 0; i < 256; ++i) octets += static_cast<char>(i);
  for (const std::string& path :
       {octets, std::string("it's"), std::string("50%d%s%%"), std::string("a\\b\\n\\101"), std::string("a\0b", 3),
        std::string("a\r\nb"), std::string("\"$(id)\" `id` !!"), std::string("\0001", 2)})
    EXPECT_THAT(spoken(path), HasSubstr("rcpt to:<" + path + ">\r\n"));
}

TEST(Reproduce, QuotesWhatShellAndPrintfWouldRead) {
  const std::string text = command({}, std::string("'\\%\0\n", 5));
  EXPECT_THAT(text, HasSubstr(R"(printf 'rcpt to:<\047\134%%\000\012>\r\n')"));
}

TEST(Reproduce, InPlaintextNothingLeavesTheInnerQuotes) {
  catalogue::Case one;
  one.tls = "none";
  const std::string text = command(one, "\"a $HOME `id` !1\"@elsewhere.test");
  EXPECT_THAT(text, StartsWith("bash -c \"exec 3<>/dev/tcp/192.0.2.1/2525; cat <&3 & { printf 'ehlo "));
  EXPECT_THAT(text, EndsWith("} >&3\""));
  EXPECT_THAT(text, Not(HasSubstr("openssl")));
  const std::string inner = text.substr(9, text.size() - 10);
  EXPECT_EQ(inner.find_first_of("\"$`!"), std::string::npos) << inner;
}

TEST(Reproduce, ATargetWithoutPortIsPort25) {
  catalogue::Case one;
  one.tls = "none";
  EXPECT_THAT(reproduceCommand(one, to("x@y.test"), "mx.lab.test", ""), HasSubstr("/dev/tcp/mx.lab.test/25;"));
}

TEST(Reproduce, TlsVersionAndAddressAreAskedFor) {
  catalogue::Case one;
  EXPECT_THAT(command(one, "x@y.test"), AllOf(EndsWith("-starttls smtp -connect 192.0.2.1:2525"),
                                              Not(HasSubstr("-tls1")), Not(HasSubstr("-bind"))));
  EXPECT_THAT(command(one, "x@y.test", "127.0.99.5"), HasSubstr(" -bind 127.0.99.5"));
  one.tls = "1.2";
  EXPECT_THAT(command(one, "x@y.test"), AllOf(HasSubstr(" -tls1_2"), Not(HasSubstr("-tls1_3"))));
  one.tls = "1.3";
  EXPECT_THAT(command(one, "x@y.test"), AllOf(HasSubstr(" -tls1_3"), Not(HasSubstr("-tls1_2"))));
}

TEST(Reproduce, TheCertificateIsMintedFirst) {
  catalogue::Case one;
  EXPECT_THAT(command(one, "x@y.test"), AllOf(Not(HasSubstr("-cert")), Not(HasSubstr("relayproof"))));
  one.fixture = "names.dns.exact";
  EXPECT_THAT(command(one, "x@y.test"),
              AllOf(StartsWith("relayproof certs --out fixtures --filter 'names.dns.exact' && "),
                    EndsWith(" -cert fixtures/names.dns.exact.pem -cert_chain fixtures/names.dns.exact.pem -key "
                             "fixtures/names.dns.exact.key.pem")));
}

TEST(Reproduce, OnlyWhatTheClientSendsItself) {
  catalogue::Case one;
  one.ehlo = "mail.contoso.test";
  one.transactions.resize(2);
  one.transactions[1].smuggled = true;
  wire::Transaction first = to("first@elsewhere.test").front();
  first.mailParameters = " SIZE=100";
  first.recipients.push_back("second@elsewhere.test");
  const std::string text = reproduceCommand(one, {first, to("hidden@elsewhere.test").front()}, kTarget, "");
  EXPECT_THAT(text, AllOf(HasSubstr("ehlo mail.contoso.test"), HasSubstr("mail from:<me@foreign.test> SIZE=100"),
                          HasSubstr("rcpt to:<first@elsewhere.test>"), HasSubstr("rcpt to:<second@elsewhere.test>"),
                          Not(HasSubstr("hidden"))));
}

}  // namespace
}  // namespace relayproof::run
