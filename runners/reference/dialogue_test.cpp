#include "runners/reference/dialogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runners/reference/test_dialogue.h"

namespace relayproof::reference {
namespace {

using testing::codesOf;
using testing::contosoAddress;
using ::testing::HasSubstr;
using testing::hello;
using testing::mail;
using ::testing::Not;
using testing::strangersAddress;
using testing::toExternal;
using testing::toLocal;
using testing::toTls;

const std::string relayCertificate = "relay.contoso.test";

std::string played(const std::vector<std::string>& segments, const Conduct& conduct = {},
                   std::uint32_t address = strangersAddress) {
  const Identity identity = identify({{}, {relayCertificate}, false}, conduct.behaviour);
  return testing::play(testing::serviceWith(conduct), identity, address, segments);
}

std::string codes(const std::string& octets, const Conduct& conduct = {}) { return codesOf(played({octets}, conduct)); }

TEST(Dialogue, OffersItsExtensions) {
  const std::string said = played({hello});
  for (const char* extension :
       {"PIPELINING", "SIZE 10485760", "STARTTLS", "ENHANCEDSTATUSCODES", "8BITMIME", "CHUNKING", "SMTPUTF8", "DSN"})
    EXPECT_THAT(said, HasSubstr(extension));
}

TEST(Dialogue, AnswersByTheTable) {
  const std::pair<std::string, std::string> rows[] = {
      {"", "220"},
      {"EHLO\r\n", "220 501"},
      {"HELO c.test\r\nehlo c.test\r\n", "220 250 250"},
      {mail, "220 503"},
      {hello + toLocal, "220 250 503"},
      {hello + mail + mail, "220 250 250 503"},
      {hello + mail + "DATA\r\n", "220 250 250 503"},
      {hello + mail + toExternal + "DATA\r\n", "220 250 250 550 554"},
      {hello + mail + toLocal + toExternal + "DATA\r\nx\r\n.\r\nNOOP\r\n", "220 250 250 250 550 354 250 250"},
      {hello + mail + "RSET\r\n" + toLocal + mail, "220 250 250 250 503 250"},
      {hello + mail + hello + toLocal, "220 250 250 250 503"},
      {hello + "MAIL FROM:<a@b.test> SIZE=10485760 BODY=8bitmime AUTH=<>\r\n", "220 250 250"},
      {hello + "MAIL FROM:<a@b.test> SIZE=10485761\r\n", "220 250 552"},
      {hello + "MAIL FROM:<a@b.test> SIZE=99999999999999999999\r\n", "220 250 552"},
      {hello + "MAIL FROM:<a@b.test> SIZE=x\r\n", "220 250 501"},
      {hello + "MAIL FROM:<a@b.test> BODY=BINARYMIME\r\n", "220 250 501"},
      {hello + "MAIL FROM:<a@b.test> SMTPUTF8\r\n", "220 250 250"},
      {hello + "MAIL FROM:<a@b.test> SMTPUTF8=1\r\n", "220 250 501"},
      {hello + "MAIL FROM:<\xC3\xA4@b.test> SMTPUTF8\r\n", "220 250 250"},
      {hello + "MAIL FROM:<\xC3\xA4@b.test>\r\n", "220 250 553"},
      {hello + mail + "RCPT TO:<\xC3\xA4@contoso.test>\r\n", "220 250 250 553"},
      {hello + "MAIL FROM:<a@b.test> SIZE=1 size=2\r\n", "220 250 501"},
      {hello + "MAIL FROM:a@b.test\r\nMAIL TO:<a@b.test>\r\nMAIL\r\n", "220 250 501 501 501"},
      {hello + mail + "RCPT TO:<b@contoso.test> NOTIFY=NEVER ORCPT=rfc822;c@contoso.test\r\n", "220 250 250 250"},
      {hello + mail + "RCPT TO:<b@contoso.test> NOTIFY\r\n", "220 250 250 501"},
      {hello + mail + "RCPT TO:<b@contoso.test> XYZ=1\r\n", "220 250 250 555"},
      {hello + "MAIL FROM:<a@b.test> RET=HDRS ENVID=7\r\n", "220 250 250"},
      {hello + "MAIL FROM:<a@b.test> RET=ALL\r\n", "220 250 501"},
      {hello + mail + "RCPT TO:<pOSTMASTER>\r\n", "220 250 250 250"},
      {"XCLIENT ADDR=127.0.0.20\r\nXFORWARD NAME=x\r\nPROXY TCP4 127.0.0.20 127.0.0.1 1 2\r\nAUTH PLAIN AAAA\r\n",
       "220 500 500 500 500"},
      {"NOOP x\r\nVRFY a\r\nEXPN a\r\nHELP\r\nnoop\r\n\r\n", "220 250 252 502 214 250 500"},
      {"NOOP\nNOOP\r\n", "220 500 250"},
      {"NO\rOP\r\nNOOP\r\n", "220 500 250"},
      {std::string("NO\0OP\r\n", 7), "220 500"},
      {"NOOP " + std::string(2041, 'x') + "\r\nNOOP\r\n", "220 250 250"},
      {"NOOP " + std::string(2042, 'x') + "\r\nNOOP\r\n", "220 500 250"},
      {"NOOP " + std::string(100000, 'x') + "\r\nNOOP\r\n", "220 500 250"},
      {"STARTTLS now\r\n", "220 501"},
      {toTls, "220 250 220"},
      {"QUIT\r\nNOOP\r\n", "220 221"},
  };
  for (const auto& [octets, expected] : rows) EXPECT_EQ(codes(octets), expected) << octets;
}

TEST(Dialogue, ReadsOctetByOctetTheSame) {
  const std::string octets =
      hello + mail + toLocal + toExternal + "DATA\r\n.dot\r\n..dot\r\n.\r\nBDAT 3\r\nabcRSET\r\nQUIT\r\n";
  std::vector<std::string> single;
  for (const char c : octets) single.emplace_back(1, c);
  EXPECT_EQ(played(single), played({octets}));
}

TEST(Dialogue, ForgetsEverythingAtTheHandshake) {
  const std::string said = played({toTls, mail + hello + "STARTTLS\r\n" + mail + toExternal + "DATA\r\n",
                                   "X-Tenant: evil\r\n\r\nhi\r\n.\r\nQUIT\r\n"});
  EXPECT_EQ(codesOf(said), "220 250 220 503 250 503 250 250 354 250 221");
  EXPECT_THAT(said.substr(said.find("[handshake]")), Not(HasSubstr("STARTTLS")));
  EXPECT_THAT(said, HasSubstr("[next <a@foreign.test> <b@elsewhere.test>]\nX-Tenant: contoso\n\nhi\n[end]\n"));
}

TEST(Dialogue, DropsWhatWasInjectedBehindStartTls) {
  EXPECT_EQ(codesOf(played({toTls + hello + mail + toExternal, "NOOP\r\n"})), "220 250 220 250");
}

TEST(Dialogue, JudgesEachRecipientAndTransactionByItself) {
  const std::string said = played({hello + "MAIL FROM:<a@contoso.test>\r\n" + toExternal + "RSET\r\n" + mail +
                                   toExternal + toLocal + "DATA\r\nhi\r\n.\r\nMAIL FROM:<>\r\n" + toExternal + toLocal},
                                  {}, contosoAddress);
  EXPECT_EQ(codesOf(said), "220 250 250 250 250 250 550 250 354 250 250 550 250");
  EXPECT_THAT(said, HasSubstr("550 5.7.64 Relay Access Denied ATTR36\n"));
  EXPECT_THAT(said, HasSubstr("[local <a@foreign.test> <b@contoso.test>]\nX-Tenant: contoso\nhi\n[end]\n"));
}

TEST(Dialogue, PacksOneParcelForEachServerAndTenant) {
  const std::string said = played({toTls, hello + mail + toLocal + toExternal + "RCPT TO:<c@fabrikam.test>\r\n" +
                                              toExternal + "RCPT TO:<postmaster>\r\nDATA\r\n\r\nhi\r\n.\r\n"});
  EXPECT_THAT(said, HasSubstr("[local <a@foreign.test> <b@contoso.test>]\nX-Tenant: contoso\n\nhi\n[end]\n"
                              "[next <a@foreign.test> <b@elsewhere.test>]\nX-Tenant: contoso\n\nhi\n[end]\n"
                              "[local <a@foreign.test> <c@fabrikam.test>]\nX-Tenant: fabrikam\n\nhi\n[end]\n"
                              "[local <a@foreign.test> <postmaster>]\n\nhi\n[end]\n"));
}

TEST(Dialogue, TakesChunks) {
  const std::string open = hello + mail + toLocal;
  EXPECT_THAT(played({open + "BDAT 6\r\nA: b\r\nBDAT 7 LAST\r\n\r\n.\r\nhi"}), HasSubstr("A: b\n\n.\nhi[end]\n"));
  const std::pair<std::string, std::string> rows[] = {
      {"BDAT 2\r\nhiBDAT 0 LAST\r\nNOOP\r\n", "250 250 250"},
      {"BDAT 2\r\nhi" + toLocal + "DATA\r\n" + mail + "RSET\r\n", "250 503 503 503 250"},
      {"BDAT x\r\nBDAT 1 FIRST\r\nBDAT\r\nBDAT 2 LAST more\r\nBDAT -1\r\n", "501 501 501 501 501"},
      {"BDAT 4 LAST\r\na\nb\nNOOP\r\n", "550 250"},
      {"BDAT 2\r\na\rBDAT 1 LAST\r\n\nNOOP\r\n", "250 250 250"},
      {"RSET\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", "250 503 250"},
  };
  for (const auto& [octets, expected] : rows) EXPECT_EQ(codes(open + octets), "220 250 250 250 " + expected) << octets;
  EXPECT_EQ(codes(hello + mail + toExternal + "BDAT 2 LAST\r\nhiNOOP\r\n"), "220 250 250 550 554 250");
  EXPECT_EQ(codes(open + "BDAT 10485761 LAST\r\n" + std::string(10485761, 'x') + "NOOP\r\n"),
            "220 250 250 250 552 250");
}

TEST(Dialogue, RefusesWhatCouldBeReadInTwoWays) {
  const std::string open = hello + mail + toLocal + "DATA\r\n";
  for (const std::string_view middle : {"\n.\n", "\n.\r\n", "\r.\r\n", "\r.\r", "\r\n.\n"})
    EXPECT_EQ(codes(open + "x" + std::string(middle) + hello + "\r\n.\r\nNOOP\r\n"), "220 250 250 250 354 550 250");
  EXPECT_EQ(codes(open + std::string("x\r\n\0.\r\n", 7) + hello + "\r\n.\r\nNOOP\r\n"), "220 250 250 250 354 550 250");
}

TEST(Dialogue, DeniesAtTheStageThatItIsTold) {
  const std::string body = "DATA\r\nhi\r\n.\r\n";
  Conduct conduct;
  conduct.denyStage = DenyStage::data;
  EXPECT_EQ(codes(hello + mail + toLocal + toExternal + "DATA\r\nNOOP\r\n", conduct), "220 250 250 250 250 550 250");
  EXPECT_EQ(codes(hello + mail + toExternal + "BDAT 2 LAST\r\nhiNOOP\r\n", conduct), "220 250 250 250 550 250");
  conduct.denyStage = DenyStage::endOfData;
  const std::string said = played({hello + mail + toLocal + toExternal + body + mail + toLocal + body}, conduct);
  EXPECT_EQ(codesOf(said), "220 250 250 250 250 354 550 250 250 354 250");
  EXPECT_EQ(codes(hello + mail + toExternal + "BDAT 2 LAST\r\nhiNOOP\r\n", conduct), "220 250 250 250 550 250");
  conduct.denyStage = DenyStage::mail;
  EXPECT_EQ(codes(hello + mail + toExternal, conduct), "220 250 250 550");

  Service nobody = testing::serviceWith(conduct);
  nobody.tenancy.tenants.clear();
  EXPECT_EQ(codesOf(testing::play(nobody, {}, strangersAddress, {hello + mail + toExternal})), "220 250 550 503");
}

TEST(Dialogue, WeighsTheHeaderWhereTheOptionSaysSo) {
  const auto codesFrom = [](const std::string& header, const Conduct& conduct) {
    const std::string message = header + "\r\n\r\nhi\r\n";
    const std::string chunk = "BDAT " + std::to_string(message.size()) + " LAST\r\n" + message;
    return codesOf(played({hello + mail + toExternal + "DATA\r\n" + message + ".\r\n" + mail + toExternal + chunk},
                          conduct, contosoAddress));
  };
  Conduct conduct;
  conduct.denyStage = DenyStage::rcpt;
  conduct.behaviour.senderIdentity = SenderIdentity::envelopeOrHeader;
  EXPECT_EQ(codesFrom("From: A <a@contoso.test>", conduct), "220 250 250 250 354 250 250 250 250");
  EXPECT_EQ(codesFrom("From: A <a@foreign.test>", conduct), "220 250 250 250 354 550 250 250 550");
  EXPECT_EQ(codesFrom("Sender: a@contoso.test", conduct), "220 250 250 250 354 550 250 250 550");
  conduct.denyStage = DenyStage::endOfData;
  conduct.behaviour.senderIdentity = SenderIdentity::envelope;
  EXPECT_EQ(codesFrom("From: A <a@contoso.test>", conduct), "220 250 250 250 354 550 250 250 550");
}

TEST(Dialogue, TakesAThousandRecipients) {
  std::string octets = hello + mail;
  for (int i = 0; i < 1000; ++i) octets += "RCPT TO:<u" + std::to_string(i) + "@contoso.test>\r\n";
  const std::string said = codes(octets + "DATA\r\nhi\r\n.\r\n");
  EXPECT_TRUE(said.ends_with("250 354 250"));
  EXPECT_THAT(said, Not(HasSubstr("4 5")));
}

TEST(Dialogue, RefusesTheWholeSessionOfABadCertificate) {
  const Service service = testing::serviceWith();
  Dialogue dialogue(service, strangersAddress);
  dialogue.receive(toTls);
  EXPECT_EQ(dialogue.advance(), Dialogue::Event::startTls);
  dialogue.output().clear();
  dialogue.refuse();
  dialogue.secured({});
  dialogue.receive(hello);
  EXPECT_EQ(dialogue.advance(), Dialogue::Event::close);
  EXPECT_TRUE(dialogue.output().starts_with("421 4.7.1 "));
}

TEST(Dialogue, SaysWhenTheNextServerDoesNotTakeIt) {
  for (const auto& [result, code] : {std::pair{HandedOver::notNow, "451"}, {HandedOver::never, "554"}}) {
    const Service service = testing::serviceWith();
    Dialogue dialogue(service, strangersAddress);
    dialogue.receive(hello + mail + toLocal + "DATA\r\nhi\r\n.\r\n");
    EXPECT_EQ(dialogue.advance(), Dialogue::Event::passOn);
    dialogue.output().clear();
    dialogue.handedOver(result);
    EXPECT_TRUE(dialogue.output().starts_with(code));
  }
}

}  // namespace
}  // namespace relayproof::reference
