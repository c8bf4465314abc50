// Ways to have set a relay up wrongly, each of them played by a server of the test's own.

#include "conformance/doctor/examine.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "conformance/run/test_support.h"
#include "conformance/session/scripted_server.h"

namespace relayproof::doctor {
namespace {

using run::kDenial;
using run::kGateway;
using run::right;
using run::test::Answers;
using run::test::PlainRelay;
using run::test::Talk;
using testing::HasSubstr;
using testing::IsEmpty;
namespace scripted = session::scripted;

class Doctor : public run::Run {
 protected:
  void examine(const catalogue::Catalogue& catalogue, const std::vector<std::string>& ids, unsigned short port) {
    std::map<std::string, std::string> addresses = setup_.addresses;
    addresses.insert(catalogue.addresses.begin(), catalogue.addresses.end());
    const Json tenancy = catalogue::withAddresses(catalogue.tenancy, addresses);
    std::vector<const catalogue::Case*> selected;
    for (const std::string& id : ids) selected.push_back(catalogue.find(id));
    session::Target target;
    target.host = "127.0.0.1";
    target.port = port;
    target.implicitTls = setup_.implicitTls;
    target.other = other_;
    target.timeoutSeconds = 1;
    const run::Request request{catalogue,
                               mint_,
                               verdict::readTenancy(Node(tenancy, {}, {})),
                               verdict::findProfile("exo-2017", catalogue.profiles).value(),
                               setup_,
                               target,
                               selected,
                               run::controlsOf(catalogue, {})};
    examination_ = doctor::examine(request, surroundings_);
  }
  void examine(const Answers& answers) {
    const PlainRelay relay(answers);
    examine(catalogue_, {"plain.relayed", "plain.denied"}, relay.port());
  }
  void examine(const scripted::Script& script) {
    const catalogue::test::Corpus corpus(catalogue::test::smallFamily());
    const scripted::Server server(script);
    examine(corpus.loaded(), {"small.exact"}, server.port());
  }

  std::set<std::string> problems() const { return checks(State::problem); }
  std::set<std::string> checks(State state) const {
    std::set<std::string> names;
    for (const Finding& finding : examination_.findings)
      if (finding.state == state) names.insert(finding.check);
    return names;
  }
  const Finding& finding(const std::string& check) const {
    for (const Finding& finding : examination_.findings)
      if (finding.check == check) return finding;
    throw std::runtime_error("nothing was found out about " + check);
  }
  void expectProblem(const std::string& check, const std::string& what, const std::string& mend, int status) const {
    ASSERT_THAT(problems(), testing::Contains(check));
    EXPECT_THAT(finding(check).what, HasSubstr(what));
    EXPECT_THAT(finding(check).mend, HasSubstr(mend));
    EXPECT_EQ(examination_.status(), status);
  }

  std::optional<session::Listener> other_;
  Examination examination_;
};

TEST_F(Doctor, NothingIsWrong) {
  examine(right);
  EXPECT_THAT(problems(), IsEmpty());
  EXPECT_EQ(examination_.status(), 0);
  EXPECT_EQ(finding("addresses").what, "1 client addresses are told apart");
  EXPECT_THAT(finding("deny-stage").what, HasSubstr("rcpt"));
  EXPECT_EQ(checks(State::note), (std::set<std::string>{"next-hop", "local-hop"})) << "no sinks";
}

TEST_F(Doctor, TheOtherPortIsLookedAtToo) {
  const PlainRelay plain(right);
  other_ = session::Listener{"127.0.0.1", plain.port(), false};
  examine(right);
  EXPECT_THAT(problems(), IsEmpty());
  EXPECT_THAT(finding("other-target").what, HasSubstr("STARTTLS"));
  other_->implicitTls = true;
  examine(right);
  expectProblem("other-target", "no TLS begins at once", "leave --tls implicit out", 2);
}

TEST_F(Doctor, NobodyListens) {
  unsigned short port = 0;
  {
    port = PlainRelay(right).port();
  }
  examine(catalogue_, {"plain.denied"}, port);
  expectProblem("connect", "refused", "start the relay", 4);
}

TEST_F(Doctor, OurOwnAddressIsNotOfThisMachine) {
  setup_.addresses["stranger"] = "192.0.2.77";
  examine(right);
  expectProblem("connect", "192.0.2.77", "\"stranger\"", 4);
}

TEST_F(Doctor, AClientAddressIsNotOfThisMachine) {
  setup_.addresses["gateway"] = "192.0.2.77";
  examine(right);
  expectProblem("plain.by-address", "192.0.2.77", "\"gateway\"", 2);
}

TEST_F(Doctor, TurnedAwayAtTheGreeting) {
  examine([](const Talk& talk, std::string_view stage) {
    return stage == "connect" ? std::string("554 5.7.1 go away") : right(talk, stage);
  });
  expectProblem("greeting", "554 go away", "block lists", 4);
}

TEST_F(Doctor, ClosedWithoutAWord) {
  examine([](const Talk&, std::string_view) { return std::string(); });
  expectProblem("greeting", "closes it without a word", "take connections", 4);
}

TEST_F(Doctor, ItSaysNothing) {
  examine(scripted::Script{scripted::Stall{}});
  expectProblem("greeting", "says nothing", "--tls implicit", 4);
}

TEST_F(Doctor, ItDoesNotSpeakSmtp) {
  examine(scripted::Script{scripted::Say{"HTTP/1.1 400 Bad Request\r\n\r\n"}, scripted::Stall{}});
  expectProblem("greeting", "does not speak SMTP", "port", 4);
}

TEST_F(Doctor, TlsDoesNotBeginAtOnce) {
  setup_.implicitTls = true;
  examine(scripted::Script{scripted::Say{"220 relay.test ESMTP\r\n"}, scripted::Stall{}});
  expectProblem("greeting", "no TLS begins at once", "leave --tls implicit out", 4);
}

const scripted::Script kGreeted = {scripted::Say{"220 relay.test ESMTP\r\n"}, scripted::Hear{"EHLO "}};
const scripted::Script kUpToTls = {scripted::Say{"220 relay.test ESMTP\r\n"}, scripted::Hear{"EHLO "},
                                   scripted::Say{"250-relay.test\r\n250 STARTTLS\r\n"}, scripted::Hear{"STARTTLS"}};
scripted::Script after(scripted::Script script, const std::vector<scripted::Act>& more) {
  script.insert(script.end(), more.begin(), more.end());
  return script;
}

TEST_F(Doctor, TheNameInEhloIsRefused) {
  examine(after(kGreeted, {scripted::Say{"550 5.7.1 no such host\r\n"}, scripted::Stall{}}));
  expectProblem("ehlo", "no such host", "ehlo", 4);
}

TEST_F(Doctor, NoStarttls) {
  examine(after(kGreeted, {scripted::Say{"250 relay.test\r\n"}, scripted::Stall{}}));
  expectProblem("starttls", "not offered", "turn TLS on", 4);
}

TEST_F(Doctor, StarttlsIsRefused) {
  examine(after(kUpToTls, {scripted::Say{"454 4.3.0 TLS not available\r\n"}, scripted::Stall{}}));
  expectProblem("starttls", "454", "certificate and key", 4);
}

TEST_F(Doctor, TheHandshakeFails) {
  examine(after(kUpToTls, {scripted::Say{"220 go\r\n"}, scripted::Hear{"\x16"}, scripted::Say{"nonsense\r\n"}}));
  expectProblem("tls", "handshake fails", "TLS 1.2 or 1.3", 4);
}

scripted::Script overTls(scripted::AcceptTls accept) {
  return after(kUpToTls, {scripted::Say{"220 go\r\n"}, accept, scripted::Hear{"EHLO "},
                          scripted::Say{"250 relay.test\r\n"}, scripted::Hear{"QUIT"}, scripted::Say{"221 bye\r\n"}});
}

TEST_F(Doctor, ItNeverAsksForACertificate) {
  examine(overTls({}));
  expectProblem("certificate-request", "never asks", "asks and does not demand", 4);
}

TEST_F(Doctor, ItAsksForCertificatesOfOthers) {
  examine(overTls({.ask = scripted::AcceptTls::Ask::optional}));
  expectProblem("certificate-request", "CN=relay.test", "ca.pem", 4);
}

TEST_F(Doctor, ItDemandsACertificateOfEverybody) {
  examine(overTls({.ask = scripted::AcceptTls::Ask::required}));
  EXPECT_THAT(checks(State::note), testing::Contains("tls"));
  EXPECT_THAT(finding("tls").mend, HasSubstr("without demanding"));
}

TEST_F(Doctor, TheTenancyIsNotLoaded) {
  examine([](const Talk& talk, std::string_view stage) {
    return stage == "rcpt" ? std::string(kDenial) : right(talk, stage);
  });
  expectProblem("plain.by-address", "and so is mail for the accepted domains", "tenancy", 4);
  EXPECT_THAT(problems(), testing::Contains("plain.delivery"));
}

TEST_F(Doctor, TheRelaySeesAnotherAddress) {
  examine([](Talk talk, std::string_view stage) {
    talk.source = "10.0.0.1";
    return right(talk, stage);
  });
  expectProblem("plain.by-address", "the address of a connector does not relay", "NAT", 2);
}

TEST_F(Doctor, TheRelayTrustsTheNeighboursToo) {
  examine([](Talk talk, std::string_view stage) {
    if (stage == "rcpt" && talk.source == kGateway) return std::string("250 my networks");
    return right(talk, stage);
  });
  expectProblem("address gateway", "has to be denied", "NAT", 2);
}

TEST_F(Doctor, TheRecipientIsRefused) {
  examine([](const Talk& talk, std::string_view stage) {
    return stage == "rcpt" && talk.from("by-address") ? std::string("550 5.1.2 no such domain") : right(talk, stage);
  });
  expectProblem("plain.by-address", "recipient is refused", "recipients", 2);
}

TEST_F(Doctor, TheSenderIsRefused) {
  examine([](const Talk& talk, std::string_view stage) {
    return stage == "mail" ? std::string("550 5.1.8 sender domain not found") : right(talk, stage);
  });
  expectProblem("plain.by-address", "sender is refused", "senders", 4);
}

TEST_F(Doctor, TheContentIsRefused) {
  examine([](const Talk& talk, std::string_view stage) {
    return stage == "end-of-data" ? std::string("554 5.7.1 this is spam") : right(talk, stage);
  });
  expectProblem("plain.by-address", "message is refused", "filters", 4);
}

TEST_F(Doctor, Greylisting) {
  std::set<std::string> known;
  examine([&](const Talk& talk, std::string_view stage) {
    if (stage == "rcpt" && known.insert(talk.mailFrom.substr(0, talk.mailFrom.find('@')) + talk.source).second)
      return std::string("450 4.7.1 try again");
    return right(talk, stage);
  });
  EXPECT_THAT(checks(State::note), testing::Contains("greylisting"));
}

TEST_F(Doctor, PutOffForGood) {
  examine([](const Talk& talk, std::string_view stage) {
    return stage == "rcpt" ? std::string("451 4.7.1 not now") : right(talk, stage);
  });
  expectProblem("plain.by-address", "put off", "greylisting", 4);
}

TEST_F(Doctor, Throttling) {
  examine([](const Talk& talk, std::string_view stage) {
    return stage == "connect" && talk.number > 14 ? std::string("421 4.7.0 too many") : right(talk, stage);
  });
  expectProblem("throttling", "421", "--rate", 2);
}

TEST_F(Doctor, AnOpenRelay) {
  examine([](const Talk& talk, std::string_view stage) {
    return stage == "rcpt" ? std::string("250 whoever you are") : right(talk, stage);
  });
  expectProblem("plain.nothing", "a stranger without a certificate relays", "take our addresses out", 1);
}

TEST_F(Doctor, NothingComesToTheSink) {
  session::Sink nextHop("127.0.0.1:0");
  surroundings_.nextHop = &nextHop;
  examine(right);
  expectProblem("next-hop", "did not come to", "route", 2);
}

TEST_F(Doctor, TheDenyStageIsAnother) {
  setup_.denyStage = "mail";
  examine(right);
  expectProblem("deny-stage", "denies at rcpt", "--deny-stage rcpt", 2);
}

TEST_F(Doctor, WithoutDataNothingIsSeenOfALaterDenial) {
  setup_.noData = true;
  examine([](const Talk& talk, std::string_view stage) {
    return stage == "rcpt" ? std::string("250 we shall see") : right(talk, stage);
  });
  expectProblem("plain.by-address", "without DATA", "leave --no-data out", 4);
}

TEST_F(Doctor, TheClockIsOff) {
  examine([](const Talk& talk, std::string_view stage) {
    return stage == "connect" ? std::string("220 plain.test ESMTP Thu, 1 Jan 1970 00:00:07 +0000") : right(talk, stage);
  });
  expectProblem("clock", "days behind", "set it", 2);
}

}  // namespace
}  // namespace relayproof::doctor
