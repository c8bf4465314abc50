#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "runners/reference/relay.h"
#include "runners/reference/test_peers.h"
#include "runners/reference/test_tenancy.h"

// Resumed sessions (RFC 5077, RFC 8446 2.2 and 4.6.1) in real handshakes.
namespace relayproof::reference {
namespace {

using ::testing::HasSubstr;
using testing::Minted;

using Session = std::unique_ptr<SSL_SESSION, Releaser<SSL_SESSION_free>>;

struct Way {
  const char* name;
  int version;
  std::uint64_t options;
};

void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }

struct Contact {
  std::string reply;  // to an external recipient of a foreign sender; empty where the connection ended
  bool resumed = false;
  Session session;  // as it stands after that
};

class ResumptionTest : public ::testing::TestWithParam<Way> {
 protected:
  std::unique_ptr<Relay> start(Resumption option, const std::string& refusal = {}) const {
    Options options;
    options.tenancy = testing::tenancyWith(nlohmann::json::array({testing::pemOf(root_.certificate.get())}).dump());
    options.behaviour.resumption = option;
    options.threads = 3;
    if (!refusal.empty()) {
      options.untrusted = "refuseTls";
      options.refusal = refusal;
    }
    auto started = Relay::start(options);
    EXPECT_TRUE(std::holds_alternative<std::unique_ptr<Relay>>(started));
    return std::move(std::get<std::unique_ptr<Relay>>(started));
  }

  Contact connect(const Relay& relay, const Minted* identity, SSL_SESSION* session = nullptr) const {
    Contact contact;
    testing::Client client(relay.port());
    client.say("EHLO client.test");
    if (!client.startTls(identity, {}, {}, GetParam().version, session, GetParam().options)) return contact;
    client.say("EHLO client.test");
    client.say("MAIL FROM:<a@foreign.test>");
    contact.reply = client.say("RCPT TO:<b@elsewhere.test>");
    contact.resumed = SSL_session_reused(client.ssl()) == 1;
    contact.session.reset(SSL_get1_session(client.ssl()));
    client.say("QUIT");
    SSL_shutdown(client.ssl());
    return contact;
  }

  const Minted root_ = testing::mint(testing::authoritySpec("Root"));
  const Minted good_ = testing::mint(testing::leafSpec({"relay.contoso.test"}), &root_);
  const Minted evil_ = testing::mint(testing::leafSpec({"evil.test"}), &root_);
  const Minted untrusted_ = testing::mint(testing::leafSpec({"relay.contoso.test"}));
};

TEST_P(ResumptionTest, CarriesTheIdentityOfTheFirstHandshake) {
  const auto relay = start(Resumption::originalIdentity);
  Contact last = connect(*relay, &good_);
  EXPECT_FALSE(last.resumed);
  EXPECT_THAT(last.reply, HasSubstr("250"));
  for (int i = 0; i < 4; ++i) {  // by way of each thread
    last = connect(*relay, nullptr, last.session.get());
    EXPECT_TRUE(last.resumed);
    EXPECT_THAT(last.reply, HasSubstr("250"));
  }
  const Contact other = connect(*relay, &evil_, last.session.get());
  EXPECT_TRUE(other.resumed);
  EXPECT_THAT(other.reply, HasSubstr("250")) << "another certificate at hand is not shown";
}

TEST_P(ResumptionTest, LendsNothingToWhoHadNothing) {
  const auto relay = start(Resumption::originalIdentity);
  for (const Minted* identity : {static_cast<const Minted*>(nullptr), &evil_, &untrusted_}) {
    const Contact first = connect(*relay, identity);
    EXPECT_THAT(first.reply, HasSubstr("550 5.7.64"));
    const Contact second = connect(*relay, &good_, first.session.get());
    EXPECT_TRUE(second.resumed);
    EXPECT_THAT(second.reply, HasSubstr("550 5.7.64"));
  }
  EXPECT_THAT(connect(*relay, &good_).reply, HasSubstr("250"));
  EXPECT_THAT(connect(*relay, nullptr).reply, HasSubstr("550 5.7.64"));
}

TEST_P(ResumptionTest, RefusesWhomTheFirstHandshakeRefused) {
  const auto relay = start(Resumption::originalIdentity, "421");
  const Contact first = connect(*relay, &untrusted_);
  const Contact second = connect(*relay, nullptr, first.session.get());
  EXPECT_TRUE(second.resumed);
  EXPECT_EQ(second.reply, "");
}

TEST_P(ResumptionTest, LosesTheIdentityByTheOption) {
  const auto relay = start(Resumption::noIdentity);
  const Contact first = connect(*relay, &good_);
  EXPECT_THAT(first.reply, HasSubstr("250"));
  const Contact second = connect(*relay, &good_, first.session.get());
  EXPECT_TRUE(second.resumed);
  EXPECT_THAT(second.reply, HasSubstr("550 5.7.64"));
  EXPECT_THAT(connect(*relay, &good_).reply, HasSubstr("250"));
}

TEST_P(ResumptionTest, IsNotOfferedByTheOption) {
  const auto relay = start(Resumption::fullHandshake);
  const Contact first = connect(*relay, &good_);
  EXPECT_EQ(SSL_SESSION_is_resumable(first.session.get()), 0);
  const Contact second = connect(*relay, nullptr, first.session.get());
  EXPECT_FALSE(second.resumed);
  EXPECT_THAT(second.reply, HasSubstr("550 5.7.64"));
}

INSTANTIATE_TEST_SUITE_P(Ways, ResumptionTest,
                         ::testing::Values(Way{"session_id", TLS1_2_VERSION, SSL_OP_NO_TICKET},
                                           Way{"ticket", TLS1_2_VERSION, 0}, Way{"tls13", TLS1_3_VERSION, 0}),
                         [](const auto& way) { return way.param.name; });

}  // namespace
}  // namespace relayproof::reference
