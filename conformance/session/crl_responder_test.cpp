#include "conformance/session/crl_responder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <system_error>

#include "conformance/session/listen.h"

namespace relayproof::session {
namespace {

using boost::asio::ip::tcp;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using Manner = CrlPage::Manner;

const std::string kList(40, 'l');

class CrlResponderTest : public testing::Test {
 protected:
  CrlResponderTest() : responder_("127.0.0.1:0") {
    responder_.serve({{"/whole.crl", {Manner::whole, kList}},
                      {"/cut.crl", {Manner::cut, kList}},
                      {"/endless.crl", {Manner::endlessly, kList}},
                      {"/never.crl", {Manner::never, {}}}});
  }

  /// What comes after a request, up to so many octets or the end of the connection.
  std::string get(const std::string& path, std::size_t most = 10'000) const {
    boost::asio::io_context io;
    tcp::socket socket(io);
    socket.connect(endpointOf(responder_.address()));
    boost::asio::write(socket,
                       boost::asio::buffer("GET " + path + " HTTP/1.1\r\nHost: crl.test\r\nConnection: close\r\n\r\n"));
    std::string answer(most, '\0');
    boost::system::error_code ended;
    answer.resize(boost::asio::read(socket, boost::asio::buffer(answer), ended));
    return answer;
  }

  CrlResponder responder_;
};

TEST_F(CrlResponderTest, ServesWhatStandsAtAPath) {
  const std::string answer = get("/whole.crl");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: application/pkix-crl\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n" + kList));
  EXPECT_THAT(get("/another.crl"), StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_EQ(responder_.asked(), 2U);
}

TEST_F(CrlResponderTest, HangsUpInTheMiddle) {
  EXPECT_THAT(get("/cut.crl"), EndsWith("\r\n\r\n" + kList.substr(0, kList.size() / 2)));
}

TEST_F(CrlResponderTest, ComesToNoEnd) {
  const std::string head = get("/endless.crl", 100);
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(head.size(), 100U);
  EXPECT_THAT(head, EndsWith("l"));
}

TEST_F(CrlResponderTest, NeverAnswers) {
  boost::asio::io_context io;
  tcp::socket socket(io);
  socket.connect(endpointOf(responder_.address()));
  boost::asio::write(socket, boost::asio::buffer(std::string("GET /never.crl HTTP/1.1\r\nHost: crl.test\r\n\r\n")));
  // Another, who asks later, is answered first.
  EXPECT_THAT(get("/whole.crl"), Not(IsEmpty()));
  EXPECT_EQ(socket.available(), 0U);
}

TEST(CrlResponder, SaysWhereItCannotListen) {
  const CrlResponder first("127.0.0.1:0");
  EXPECT_THROW(CrlResponder{first.address()}, std::system_error);
}

}  // namespace
}  // namespace relayproof::session
