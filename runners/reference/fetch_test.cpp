#include "runners/reference/fetch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <nlohmann/json.hpp>

#include "runners/reference/relay.h"
#include "runners/reference/test_peers.h"
#include "runners/reference/test_tenancy.h"

namespace relayproof::reference {
namespace {

namespace asio = boost::asio;
using ::testing::HasSubstr;
using testing::httpAnswer;
using testing::ListServer;
using testing::Minted;

std::optional<RevocationList> fetched(const std::string& uri) {
  asio::io_context io;
  auto list = asio::co_spawn(io, fetchList(uri, std::chrono::seconds(1)), asio::use_future);
  io.run();
  return list.get();
}

std::string listOf(const Minted& issuer) { return testing::derOf(testing::mintList(issuer).get()); }

TEST(Fetch, TakesAListAndNothingElse) {
  const std::string list = listOf(testing::mint(testing::authoritySpec("Lists")));
  const std::string whole = httpAnswer(list);
  EXPECT_TRUE(fetched(ListServer(whole).uri()));
  const std::string silence;
  for (const std::string& answer :
       {httpAnswer(list, "404 Not Found"), httpAnswer("<html>"), whole.substr(0, whole.size() - 1), silence})
    EXPECT_FALSE(fetched(ListServer(answer).uri())) << answer.substr(0, 20);
}

TEST(Fetch, AsksAtAddressesAlone) {
  for (const char* uri : {"", "http://", "http:///a.crl", "http://127.0.0.1:1/a.crl", "http://127.0.0.1:x/",
                          "file:///a", "ldap://127.0.0.1/", "http://localhost/a.crl", "http://127.0.0.1:99999/"})
    EXPECT_FALSE(fetched(uri)) << uri;
}

// A relay that has to check, and a leaf whose list comes from a server with that answer.
std::string replyUnder(RevocationPolicy option, const Minted& root, const ListServer& server, const Minted& leaf) {
  Options options;
  options.tenancy = testing::tenancyWith(nlohmann::json::array({testing::pemOf(root.certificate.get())}).dump());
  options.behaviour.revocation = option;
  auto started = Relay::start(options);
  testing::Client client(std::get<std::unique_ptr<Relay>>(started)->port());
  client.say("EHLO client.test");
  EXPECT_TRUE(client.startTls(&leaf));
  client.say("EHLO client.test");
  client.say("MAIL FROM:<a@foreign.test>");
  EXPECT_EQ(server.asked(), option == RevocationPolicy::ignore ? 0 : 1);
  return client.say("RCPT TO:<b@elsewhere.test>");
}

TEST(Fetch, DecidesAboutTheClient) {
  const Minted root = testing::mint(testing::authoritySpec("Root"));
  for (const RevocationPolicy option :
       {RevocationPolicy::require, RevocationPolicy::bestEffort, RevocationPolicy::ignore})
    for (const char* kind : {"good", "revoked", "unknown"}) {
      // The leaf names the server, and the server's list the leaf's number, which is the same for the same spec.
      testing::Spec spec = testing::leafSpec({"relay.contoso.test"});
      const Minted other = testing::mint(spec, &root);
      const RevocationList list = testing::mintList(
          root, std::string_view(kind) == "revoked" ? testing::ListSpec{.revoked = {&other}} : testing::ListSpec{});
      const ListServer server(std::string_view(kind) == "unknown" ? httpAnswer("", "404 Not Found")
                                                                  : httpAnswer(testing::derOf(list.get())));
      spec.extensions.push_back({NID_crl_distribution_points, "URI:" + server.uri()});
      Minted leaf = testing::mint(spec, &root);
      X509_set_serialNumber(leaf.certificate.get(), X509_get_serialNumber(other.certificate.get()));
      X509_sign(leaf.certificate.get(), root.key.get(), EVP_sha256());
      const bool relayed = option == RevocationPolicy::ignore || std::string_view(kind) == "good" ||
                           (option == RevocationPolicy::bestEffort && std::string_view(kind) == "unknown");
      EXPECT_THAT(replyUnder(option, root, server, leaf), HasSubstr(relayed ? "250 " : "550 "))
          << kind << static_cast<int>(option);
    }
}

}  // namespace
}  // namespace relayproof::reference
