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

// Octets to and fro until both are done with the handshake, or one of them with the other.
Tls::State shaken(Tls& near, Tls& far) {
  Tls::State here = Tls::State::handshaking, there = Tls::State::handshaking;
  for (int round = 0; round < 8 && here != Tls::State::failed && there != Tls::State::failed; ++round) {
    here = near.handshake();
    far.feed(near.takeOutput());
    there = far.handshake();
    near.feed(far.takeOutput());
  }
  return there;
}

TEST(Tls, ResumesASessionByTicketOrIdWithoutShowingACertificate) {
  for (const auto& each : {std::pair("1.3", true), std::pair("1.2", true), std::pair("1.2", false)}) {
    const char* const version = each.first;
    const bool tickets = each.second;
    const Context context = serverContext(selfSigned("relay.test"), identity()->chain);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_SERVER);
    SSL_CTX_set_num_tickets(context.get(), 1);
    SSL_CTX_set_session_id_context(context.get(), reinterpret_cast<const unsigned char*>("relay"), 5);
    const Target target;
    Contexts contexts(target);
    const auto connect = [&](const Presented& as, SSL_SESSION* offered, TlsRecord& seen) {
      const auto near = Tls::client(as, version, std::nullopt);
      const auto far = Tls::server(context.get());
      if (!tickets) near->refuseTickets();
      if (offered != nullptr) near->offer(offered);
      EXPECT_EQ(shaken(*near, *far), Tls::State::open) << far->why();
      std::string plain;
      near->read(plain);
      seen = near->seen();
      auto session = near->session();
      near->sayGoodbye();  // or the server forgets the session
      far->feed(near->takeOutput());
      far->read(plain);
      far->sayGoodbye();
      return session;
    };
    TlsRecord first, second;
    const TlsSession session = connect(contexts.of(identity()).value(), nullptr, first);
    ASSERT_NE(session, nullptr) << version;
    EXPECT_FALSE(first.resumed);
    EXPECT_EQ(first.chainSent.size(), 1u);
    connect(contexts.of(nullptr).value(), session.get(), second);
    EXPECT_TRUE(second.resumed) << version;
    EXPECT_TRUE(second.chainSent.empty());
  }
}

TEST(Tls, RenegotiatesWithAnotherIdentity) {
  const Context context = serverContext(selfSigned("relay.test"), identity()->chain);
  SSL_CTX_set_options(context.get(), SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const Target target;
  Contexts contexts(target);
  const auto near = Tls::client(contexts.of(identity()).value(), "1.2", std::nullopt);
  const auto far = Tls::server(context.get());
  ASSERT_EQ(shaken(*near, *far), Tls::State::open) << far->why();
  near->renegotiate(contexts.of(nullptr).value());
  std::string plain;
  for (int round = 0; round < 4; ++round) {
    near->handshake();
    far->feed(near->takeOutput());
    far->read(plain);
    near->feed(far->takeOutput());
  }
  EXPECT_EQ(near->handshake(), Tls::State::open) << near->why();
  EXPECT_TRUE(near->seen().certificateRequested);
  EXPECT_TRUE(near->seen().chainSent.empty());
}

TEST(Tls, IsToldThatRenegotiationIsRefused) {
  const Context context = serverContext(selfSigned("relay.test"), identity()->chain);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION);
  const Target target;
  Contexts contexts(target);
  const auto near = Tls::client(contexts.of(identity()).value(), "1.2", std::nullopt);
  const auto far = Tls::server(context.get());
  ASSERT_EQ(shaken(*near, *far), Tls::State::open) << far->why();
  near->renegotiate(contexts.of(nullptr).value());
  near->handshake();
  std::string plain;
  far->feed(near->takeOutput());
  far->read(plain);
  near->feed(far->takeOutput());
  EXPECT_EQ(near->handshake(), Tls::State::failed);
  EXPECT_EQ(near->seen().alert, "no_renegotiation");
}

TEST(Tls, ProvesPossessionWronglyWhereItIsTold) {
  using Proof = Identity::Proof;
  const Context context = serverContext(selfSigned("relay.test"), identity()->chain);
  const Target target;
  Contexts contexts(target);
  for (const char* version : {"1.2", "1.3"}) {
    for (const Proof proof : {Proof::right, Proof::otherTranscript, Proof::empty}) {
      Identity wrong = *identity();
      wrong.proof = proof;
      const auto presenting = contexts.of(std::make_shared<const Identity>(wrong));
      ASSERT_TRUE(presenting) << presenting.error().text();
      const auto near = Tls::client(*presenting, version, std::nullopt);
      const auto far = Tls::server(context.get());
      const Tls::State state = shaken(*near, *far);
      std::string plain;
      near->read(plain);
      EXPECT_EQ(near->seen().chainSent, wrong.chain);
      if (proof == Proof::right) {
        EXPECT_EQ(state, Tls::State::open) << far->why();
      } else {
        EXPECT_EQ(state, Tls::State::failed) << version;
        EXPECT_TRUE(near->seen().alert == "decrypt_error" || near->seen().alert == "decode_error")
            << near->seen().alert.value_or("no alert") << " " << version;
      }
    }
  }
}

}  // namespace
}  // namespace relayproof::session
