// The player under TLS: what it presents, what it takes for a refusal, and what it never believes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/session/player.h"
#include "conformance/session/test_support.h"

namespace relayproof::session {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Ask = AcceptTls::Ask;
using Outcome = TlsRecord::Outcome;

TEST(PlayerTls, PresentsItsIdentityAfterStartTls) {
  for (const int version : {TLS1_2_VERSION, 0}) {
    for (const bool tickets : {true, false}) {
      Server server(
          joined({kPlainTls, {AcceptTls{Ask::required, false, version, tickets}}, kEhlo, kMail, kRcpt, kData, kQuit}));
      const Record record = Player(target(server)).play(certificateJob());
      EXPECT_EQ(record.end, End::completed) << record.endText << server.surprises();
      EXPECT_EQ(record.tls.outcome, Outcome::ok);
      EXPECT_EQ(record.tls.version, version == 0 ? "TLSv1.3" : "TLSv1.2");
      EXPECT_TRUE(record.tls.certificateRequested);
      EXPECT_FALSE(record.tls.resumed);
      EXPECT_EQ(record.tls.chainSent, identity()->chain);
      EXPECT_THAT(record.tls.authorities, ElementsAre("CN=relay.test"));
      EXPECT_EQ(code(record.transactions[0].endOfData), 250);
      EXPECT_THAT(transcript(record), HasSubstr("client certificate requested, sent: 1 certificates, resumed: no"));
    }
  }
}

TEST(PlayerTls, SpeaksTheVersionThatTheJobNames) {
  Job job = certificateJob();
  job.tlsVersion = "1.2";
  const Script script = joined({kPlainTls, {AcceptTls{Ask::required}}, kEhlo, kMail, kRcpt, kData, kQuit});
  EXPECT_EQ(played(script, job).tls.version, "TLSv1.2");
  job.tlsVersion = "1.3";
  EXPECT_EQ(played(script, job).tls.version, "TLSv1.3");
  const Script only12 = joined({kPlainTls, {AcceptTls{Ask::required, false, TLS1_2_VERSION}}});
  const Record record = played(only12, job);
  EXPECT_EQ(record.tls.outcome, Outcome::refused);
  EXPECT_EQ(record.tls.alert, "protocol_version");
}

TEST(PlayerTls, NeverResumes) {
  Server server(joined({kPlainTls, {AcceptTls{Ask::required}}, kEhlo, kMail, kRcpt, kData, kQuit}));
  Player player(target(server));
  for (int round = 0; round < 3; ++round) {
    const Record record = player.play(certificateJob());
    EXPECT_EQ(record.end, End::completed) << record.endText;
    EXPECT_FALSE(record.tls.resumed);
    EXPECT_EQ(record.tls.chainSent.size(), 1u);
  }
}

TEST(PlayerTls, ACloseRefusesTheIdentityOfAnOfferedSession) {
  const Script anyEhlo = {Hear{"EHLO"}, Say{"250-relay.test\r\n250 STARTTLS\r\n"}};
  const Script closes =
      joined({kGreeting, anyEhlo, kStartTls, {AcceptTls{Ask::nothing, false, TLS1_2_VERSION}, Close{}}});
  Job job = certificateJob();
  job.tlsVersion = "1.2";
  EXPECT_EQ(played(closes, job).tls.outcome, Outcome::ok) << "no identity was asked for, or offered";
  job.earlier = Earlier{Earlier::Way::ticket, identity()};
  const Record refused = played(closes, job);
  EXPECT_EQ(refused.tls.outcome, Outcome::refused);
  EXPECT_EQ(refused.end, End::dropped);
  EXPECT_THAT(transcript(refused), HasSubstr("to resume the TLS session of the first"));
  job.earlier->identity = nullptr;
  EXPECT_EQ(played(closes, job).tls.outcome, Outcome::ok) << "the offered session is nobody's";
}

TEST(PlayerTls, SendsAChainAsItIsGiven) {
  Identity odd = *identity();
  const std::string other = selfSigned("other.test").chain[0];
  odd.chain = {odd.chain[0], other, odd.chain[0], other};
  Job job = plainJob(true);
  job.identity = std::make_shared<const Identity>(odd);
  for (const char* version : {"1.2", "1.3"}) {
    job.tlsVersion = version;
    const Record record =
        played(joined({kPlainTls, {AcceptTls{Ask::required}}, kEhlo, kMail, kRcpt, kData, kQuit}), job);
    EXPECT_EQ(record.tls.outcome, Outcome::ok);
    EXPECT_EQ(record.tls.chainSent, odd.chain);
  }
}

TEST(PlayerTls, WithoutIdentityAnswersTheRequestWithNoCertificate) {
  const Record record =
      played(joined({kPlainTls, {AcceptTls{Ask::optional}}, kEhlo, kMail, kRcpt, kData, kQuit}), plainJob(true));
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_TRUE(record.tls.certificateRequested);
  EXPECT_THAT(record.tls.chainSent, IsEmpty());
}

TEST(PlayerTls, NotesARelayThatNeverAsks) {
  const Record record =
      played(joined({kPlainTls, {AcceptTls{Ask::nothing}}, kEhlo, kMail, kRcpt, kData, kQuit}), certificateJob());
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_FALSE(record.tls.certificateRequested);
  EXPECT_THAT(record.tls.chainSent, IsEmpty());
}

TEST(PlayerTls, LoadsKeysOfEveryKind) {
  Job job = plainJob(true);
  for (EVP_PKEY* key : {EVP_RSA_gen(2048), EVP_EC_gen("P-384"), EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")}) {
    job.identity = std::make_shared<const Identity>(selfSigned("client.test", key));
    const Record record =
        played(joined({kPlainTls, {AcceptTls{Ask::required}}, kEhlo, kMail, kRcpt, kData, kQuit}), job);
    EXPECT_EQ(record.end, End::completed) << record.endText;
    EXPECT_EQ(record.tls.chainSent, job.identity->chain);
  }
}

TEST(PlayerTls, LoadsAKeyThatOnlyClaimsToBeTheCertificates) {
  Identity thief = *identity();
  const std::string own = selfSigned("thief.test").key;
  const auto scalar = [](const std::string& der) {  // RFC 5958 and RFC 5915: the OCTET STRING of 32 octets
    return der.find(std::string("\x02\x01\x01\x04\x20", 5)) + 5;
  };
  thief.key.replace(scalar(thief.key), 32, own, scalar(own), 32);
  Job job = plainJob(true);
  job.identity = std::make_shared<const Identity>(thief);
  job.tlsVersion = "1.2";
  const Record record = played(joined({kPlainTls, {AcceptTls{Ask::required}}, kEhlo}), job);
  EXPECT_EQ(record.tls.outcome, Outcome::refused) << record.endText;
  EXPECT_EQ(record.tls.alert, "decrypt_error");
  EXPECT_EQ(record.tls.chainSent, thief.chain);
}

TEST(PlayerTls, SendsASubjectThatDoesNotDecode) {
  Identity undecodable = *identity();
  std::string& leaf = undecodable.chain.front();
  leaf.at(leaf.find("client.test", leaf.find("client.test") + 1)) = '\xff';
  Job job = plainJob(true);
  job.identity = std::make_shared<const Identity>(undecodable);
  const Record record = played(joined({kPlainTls, {AcceptTls{Ask::required}}, kEhlo}), job);
  EXPECT_EQ(record.tls.chainSent, undecodable.chain);
  EXPECT_EQ(record.tls.outcome, Outcome::refused) << record.endText;
}

TEST(PlayerTls, SaysThatAnIdentityCannotBeLoaded) {
  Identity broken = *identity();
  Job job = plainJob(true);
  const auto play = [&] {
    job.identity = std::make_shared<const Identity>(broken);
    return played(joined({kPlainTls, kQuit}), job);
  };
  broken.chain = {"no DER"};
  Record record = play();
  EXPECT_EQ(record.tls.outcome, Outcome::failed);
  EXPECT_EQ(record.end, End::stopped);
  EXPECT_EQ(record.endedAt, Stage::tls);
  EXPECT_THAT(record.endText, HasSubstr("certificate client.test: OpenSSL cannot load certificate 1 of the chain"));
  broken = *identity();
  broken.chain[0] += '\0';
  EXPECT_THAT(play().endText, HasSubstr("certificate 1 of the chain"));
  broken = *identity();
  broken.chain.push_back("");
  EXPECT_THAT(play().endText, HasSubstr("certificate 2 of the chain"));
  broken = *identity();
  broken.key = selfSigned("other.test").key;
  EXPECT_THAT(play().endText, HasSubstr("private key"));
}

TEST(PlayerTls, VerifiesTheRelayWhereAnchorsAreGiven) {
  Server server(joined({kPlainTls, {AcceptTls{}}, kEhlo, kMail, kRcpt, kData, kQuit}));
  Target where = target(server);
  where.serverAnchors = {server.certificate()};
  EXPECT_EQ(Player(where).play(plainJob(true)).end, End::completed);
  Job other = plainJob(true);
  other.sni = "elsewhere.test";
  EXPECT_EQ(Player(where).play(other).end, End::completed) << "the name asked for is not the relay's own";
  where.sni = "elsewhere.test";
  Record record = Player(where).play(plainJob(true));
  EXPECT_EQ(record.tls.outcome, Outcome::failed);
  EXPECT_THAT(record.endText, HasSubstr("hostname mismatch"));
  where.sni.reset();
  where.serverAnchors = identity()->chain;
  record = Player(where).play(plainJob(true));
  EXPECT_EQ(record.tls.outcome, Outcome::failed);
  EXPECT_EQ(record.end, End::protocolError);
  EXPECT_THAT(record.endText, HasSubstr("certificate verify failed: self-signed certificate"));
}

TEST(PlayerTls, SpeaksImplicitTls) {
  Server server(joined({{AcceptTls{Ask::required}}, kGreeting, kEhlo, kMail, kRcpt, kData, kQuit}));
  Target where = target(server);
  where.implicitTls = true;
  Job job = plainJob(false);
  job.identity = identity();
  const Record record = Player(where).play(job);
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_EQ(record.tls.chainSent, identity()->chain);
}

TEST(PlayerTls, GoesToTheOtherListenerWhereTheJobSaysSo) {
  Server implicit(
      joined({{AcceptTls{Ask::required}, Say{"220 other.test\r\n"}}, kEhlo, kEhlo, kMail, kRcpt, kData, kQuit}));
  Server plain(joined({kPlainTls, {AcceptTls{Ask::required}}, kEhlo, kMail, kRcpt, kData, kQuit}));
  Target where = target(plain);
  Player player(where);
  Job job = certificateJob();
  EXPECT_EQ(player.play(job).end, End::completed);
  where.other = target(implicit);
  where.other->implicitTls = true;
  job.atOther = true;
  const Record record = Player(where).play(job);
  EXPECT_EQ(record.end, End::completed) << record.endText << transcript(record);
  EXPECT_EQ(record.greeting, "other.test");
}

// ---- Refused TLS, told from a crash

struct Refusal {
  const char* name;
  Script afterStartTls;
  Outcome outcome;
  std::optional<std::string> alert;
  End end;
  Stage endedAt;
};

TEST(PlayerTls, TellsARefusalFromACrash) {
  const Script tls12 = {AcceptTls{Ask::required, true, TLS1_2_VERSION}};
  const Script reject = {AcceptTls{Ask::required, true}};
  const Script accept = {AcceptTls{Ask::required}};
  const Script unasked = {AcceptTls{}};
  const std::vector<Refusal> rows = {
      {"alert in TLS 1.2", tls12, Outcome::refused, "unknown_ca", End::stopped, Stage::tls},
      {"alert after TLS 1.3", reject, Outcome::refused, "unknown_ca", End::stopped, Stage::afterTls},
      {"bare close after", joined({accept, {Close{}}}), Outcome::refused, {}, End::dropped, Stage::afterTls},
      {"reset after", joined({accept, {Reset{}}}), Outcome::refused, {}, End::dropped, Stage::afterTls},
      {"close at EHLO", joined({accept, {Hear{"EHLO"}, Close{}}}), Outcome::refused, {}, End::dropped, Stage::afterTls},
      {"421 to EHLO",
       joined({accept, {Hear{"EHLO"}, Say{"421 4.7.1 no\r\n"}}}),
       Outcome::refused,
       {},
       End::stopped,
       Stage::afterTls},
      {"421 before EHLO",
       joined({accept, {Say{"421 4.7.1 no\r\n"}, Close{}}}),
       Outcome::refused,
       {},
       End::stopped,
       Stage::afterTls},
      {"554 to EHLO",
       joined({accept, {Hear{"EHLO"}, Say{"554 5.7.1 no\r\n"}}}),
       Outcome::refused,
       {},
       End::stopped,
       Stage::afterTls},
      {"550 to EHLO",
       joined({accept, {Hear{"EHLO"}, Say{"550 5.7.1 no\r\n"}}}),
       Outcome::ok,
       {},
       End::stopped,
       Stage::afterTls},
      {"close unasked", joined({unasked, {Close{}}}), Outcome::ok, {}, End::dropped, Stage::afterTls},
      {"close after EHLO", joined({accept, kEhlo, {Close{}}}), Outcome::ok, {}, End::dropped, Stage::mail},
      {"421 to MAIL",
       joined({accept, kEhlo, {Hear{"MAIL"}, Say{"421 4.3.2 no\r\n"}}}),
       Outcome::ok,
       {},
       End::stopped,
       Stage::mail},
      {"close instead of TLS", {Close{}}, Outcome::failed, {}, End::dropped, Stage::tls},
      {"close after ClientHello", {Hear{"\x16"}, Close{}}, Outcome::failed, {}, End::dropped, Stage::tls},
      {"clear text instead of TLS", {Say{"454 no\r\n"}, Close{}}, Outcome::failed, {}, End::dropped, Stage::tls},
      {"garbage record",
       {Hear{"\x16"}, Say{std::string("\x16\x03\x03\x00\x04zzzz", 9)}},
       Outcome::failed,
       {},
       End::protocolError,
       Stage::tls},
      {"alert at ClientHello",
       {Hear{"\x16"}, Say{std::string("\x15\x03\x03\x00\x02\x02\x28", 7)}},
       Outcome::refused,
       "handshake_failure",
       End::stopped,
       Stage::tls},
  };
  for (const Refusal& row : rows) {
    const Record record = played(joined({kPlainTls, row.afterStartTls}), certificateJob());
    EXPECT_EQ(record.tls.outcome, row.outcome) << row.name << "\n" << transcript(record);
    EXPECT_EQ(record.tls.alert, row.alert) << row.name;
    EXPECT_EQ(record.end, row.end) << row.name << ": " << record.endText;
    EXPECT_EQ(name(record.endedAt), name(row.endedAt)) << row.name;
    EXPECT_EQ(record.lastReply.has_value(), row.end == End::stopped && !row.alert) << row.name;
  }
}

TEST(PlayerTls, ReadsTheAlertBehindAnyWrite) {
  // The relay's close may meet our EHLO, which resets the connection while the alert waits to be read.
  for (int round = 0; round < 50; ++round) {
    for (const Script& refusing :
         {Script{AcceptTls{Ask::required, true}}, Script{AcceptTls{Ask::required, true, 0, false}}}) {
      const Record record = played(joined({kPlainTls, refusing}), certificateJob());
      ASSERT_EQ(record.tls.alert, "unknown_ca") << round;
    }
    const Record record = played(joined({kPlainTls, {AcceptTls{Ask::required}}}), plainJob(true));
    ASSERT_EQ(record.tls.outcome, Outcome::refused);
    ASSERT_EQ(record.tls.alert, "certificate_required") << round;
  }
}

TEST(PlayerTls, RefusesToRenegotiate) {
  const Record record = played(
      joined({kPlainTls, {AcceptTls{Ask::required, false, TLS1_2_VERSION}}, kEhlo, {Renegotiate{}}}), certificateJob());
  EXPECT_EQ(record.tls.outcome, Outcome::ok);
  EXPECT_EQ(record.end, End::dropped) << record.endText;
  EXPECT_EQ(record.endedAt, Stage::mail);
}

TEST(PlayerTls, AnswersAnotherRequestWithAnotherIdentity) {
  Job job = certificateJob();
  const std::vector<std::string> second = job.identity->chain;
  job.earlier = Earlier{Earlier::Way::postHandshake, nullptr, 0};
  job.tlsVersion = "1.3";
  const Record asked =
      played(joined({kPlainTls, {AcceptTls{Ask::optional}, AskAgain{}}, kEhlo, kMail, kRcpt, kData, kQuit}), job);
  EXPECT_EQ(asked.end, End::completed) << asked.endText << transcript(asked);
  EXPECT_TRUE(asked.tls.certificateRequested);
  EXPECT_EQ(asked.tls.chainSent, second);

  const Record never = played(joined({kPlainTls, {AcceptTls{Ask::optional}}, kEhlo, kMail, kRcpt, kData, kQuit}), job);
  EXPECT_EQ(never.end, End::completed) << never.endText;
  EXPECT_FALSE(never.tls.certificateRequested) << "behind the handshake";
  EXPECT_TRUE(never.tls.chainSent.empty());
}

// ---- What is said in the clear

TEST(PlayerTls, NeverReadsAfterTlsWhatCameBefore) {
  const Script rest = joined({{AcceptTls{Ask::required}}, kEhlo, kMail, kRcpt, kData, kQuit});
  const std::vector<Script> openings = {
      {Say{"220 go\r\n250 injected\r\n"}},
      {Say{"220 go\r\n250-injec"}},
      {Say{"220 go\r\n"}, Wait{30}, Say{"250 injected\r\n"}},
      {Say{"220 go\r\n"}, Wait{30}, Say{"250 injected\r\n"}, Wait{30}},
  };
  for (const Script& opening : openings) {
    const Record record = played(joined({kGreeting, kEhlo, {Hear{"STARTTLS"}}, opening, rest}), certificateJob());
    EXPECT_EQ(record.end, End::completed) << record.endText << transcript(record);
    EXPECT_EQ(code(record.transactions[0].endOfData), 250);
    ASSERT_EQ(record.checks.size(), 1u);
    EXPECT_EQ(record.checks[0].name, "server-octets-before-tls");
    EXPECT_FALSE(record.checks[0].ok);
    EXPECT_THAT(record.checks[0].why, HasSubstr("250"));
  }
}

TEST(PlayerTls, AnAlertBehindTheReadyReplyIsNoClearText) {
  const Script opening = {Say{"220 go\r\n" + std::string("\x15\x03\x03\0\x02\x02\x0a", 7)}, Close{}};
  const Record record = played(joined({kGreeting, kEhlo, {Hear{"STARTTLS"}}, opening}), certificateJob());
  EXPECT_EQ(record.end, End::dropped) << transcript(record);
  EXPECT_EQ(record.endedAt, Stage::tls);
  EXPECT_THAT(record.checks, testing::IsEmpty());
}

TEST(PlayerTls, SaysWhatCameInTheClearUnderTls) {
  const Script script =
      joined({kPlainTls, {AcceptTls{Ask::required}}, kEhlo, {Hear{"MAIL"}, LeaveTls{}, Say{"554 too many\r\n"}}});
  const Record record = played(script, certificateJob());
  EXPECT_EQ(record.end, End::protocolError);
  EXPECT_EQ(record.endedAt, Stage::mail);
  EXPECT_EQ(record.tls.outcome, Outcome::ok);
  EXPECT_THAT(record.endText, HasSubstr("instead of TLS came: 554 too many"));
}

// ---- The dialogue without TLS, stage by stage

}  // namespace
}  // namespace relayproof::session
