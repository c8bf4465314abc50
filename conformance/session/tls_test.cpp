// TLS in memory: what octets of the network do to it, one record after the other.
#include "conformance/session/tls.h"

#include <gtest/gtest.h>

#include "conformance/session/server_context.h"
#include "conformance/session/test_support.h"

namespace relayproof::session {
namespace {

// The octets of the first TLS record.
std::size_t sizeOfFirstRecord(std::string_view octets) {
  const auto octet = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(octets[at])); };
  return 5 + (octet(3) << 8 | octet(4));
}

TEST(Tls, WhatIsWrittenWhileALongTicketComesInIsNotLost) {
  const Identity server = selfSigned("relay.test");
  const Context context = serverContext(server, identity()->chain);
  SSL_CTX_set_num_tickets(context.get(), 1);
  SSL_CTX_set_max_send_fragment(context.get(), 512);  // so that a ticket, which holds our certificate, takes several
  const Target target;
  Contexts contexts(target);
  const auto near = Tls::client(contexts.of(identity()).value(), "1.3", std::nullopt);
  const auto far = Tls::server(context.get());
  std::string late;  // what the server says after its handshake: tickets
  while (near->handshake() == Tls::State::handshaking) {
    far->feed(near->takeOutput());
    ASSERT_NE(far->handshake(), Tls::State::failed) << far->why();
    near->feed(far->takeOutput());
  }
  far->feed(near->takeOutput());
  ASSERT_EQ(far->handshake(), Tls::State::open) << far->why();
  late = far->takeOutput();
  const std::size_t first = sizeOfFirstRecord(late);
  ASSERT_LT(first, late.size());

  std::string plain;
  near->feed(late.substr(0, first));
  near->read(plain);
  near->write("EHLO ");
  near->write("client.test\r\n");
  near->feed(late.substr(first));
  near->read(plain);
  far->feed(near->takeOutput());
  far->read(plain);
  EXPECT_EQ(plain, "EHLO client.test\r\n");
}

}  // namespace
}  // namespace relayproof::session
