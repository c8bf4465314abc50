// One session: a class of a few words for each step, and what is kept of what was said. Its members stand in
// one_dialogue.cpp (the session as a whole, replies, plain steps), dialogue_tls.cpp (how it begins, and TLS) and
// dialogue_mail.cpp (transactions).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "conformance/session/connection.h"
#include "conformance/session/dialogue.h"
#include "conformance/wire/reply.h"

namespace relayproof::session {

using asio::awaitable;
using wire::Reply;
namespace step = wire::step;
using Clock = Connection::Clock;

inline constexpr std::size_t kMostShown = 1000;  // octets of one event of the transcript
inline constexpr int kReady = 220;
inline constexpr int kServiceClosing = 421;

inline bool positive(const std::optional<Reply>& reply) { return reply && reply->code / 100 == 2; }

class Dialogue {
 public:
  Dialogue(asio::ip::tcp::socket socket, const Target& target, Place here, const Job& job, Contexts& contexts,
           SSL_SESSION* offered);
  awaitable<Record> play();
  /// To be offered by another connection; null where the relay gave none. For as long as this one is there.
  TlsSession session() const { return connection_.tls() == nullptr ? nullptr : connection_.tls()->session(); }

 private:
  double elapsed() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
  awaitable<void> leave();
  /// What was said beside, `begun` seconds after our beginning.
  void takeOver(Record& beside, double begun);
  awaitable<void> act(const step::Beside& beside);
  void note(const char* from, std::string text);
  void check(const std::string& name, bool ok, std::string why);
  void end(End how, Stage stage, std::string why);
  void stop(const Reply& reply, Stage stage);
  /// Until a first reply came over TLS, the client's certificate may still be refused.
  Stage stageOf(Stage stage) const { return unheardTls_ ? Stage::afterTls : stage; }
  /// An identity was weighed when the relay had asked for it and our answer had left, or where a session was offered
  /// that has one.
  bool identityWasWeighed(const Tls& tls) const;
  void lost(Wire how, Stage stage);
  void copySeen(const Tls& tls);
  /// One reply; none when the session ended instead.
  awaitable<std::optional<Reply>> reply(Stage stage);
  void heard(const Reply& reply, Stage stage);
  /// 421 or 554 as the first word over TLS turns the certificate away (RFC 3207 4.1).
  void refuseOrStop(const Reply& reply);
  /// Replies that are there before the command they would answer (RFC 5321 4.3.1: one reply a command).
  void takeEarlyReplies(std::string_view command, Stage stage);
  void extraReply(const Reply& reply, const std::string& where);
  awaitable<std::optional<Reply>> exchange(std::string octets, std::string shown, Stage stage);
  awaitable<std::optional<Reply>> command(std::string text, Stage stage);
  awaitable<void> act(const step::Connect& connect);
  /// The relay begins anew with a greeting (220), or takes no such word from us.
  awaitable<void> sayAddress();
  awaitable<void> act(const step::Ehlo& ehlo);
  awaitable<void> act(const step::StartTls&);
  awaitable<void> act(const step::Handshake&);
  awaitable<void> handshake();
  bool answersAgain() const { return job_.earlier && job_.earlier->way == Earlier::Way::postHandshake; }
  /// Null where the identity cannot be loaded, and the session ended.
  std::optional<Presented> presented(const std::shared_ptr<const Identity>& identity);
  void secured();
  /// Whoever does not want to renegotiate may say so, go, or keep silent (RFC 5246 7.2.2): all of it is refused TLS.
  awaitable<void> act(const step::Renegotiate&);
  awaitable<void> act(const step::Send& send);
  awaitable<void> act(const step::Expect& expect);
  awaitable<void> act(const step::Withholds& withholds);
  awaitable<void> act(const step::Requires& needed);
  awaitable<void> act(const step::EndsInCrlf& ends);
  awaitable<void> act(const step::Mail& mail);
  /// RFC 2920: MAIL, each RCPT, and DATA where there is one, in one segment; of a MAIL that was refused the answers to
  /// RCPT say nothing.
  awaitable<void> askTogether(const std::string& mailCommand, const wire::Transaction& transaction,
                              TransactionRecord& record);
  bool inChunks(const wire::Transaction& transaction) const;
  std::string extensionsOf(const wire::Transaction& transaction) const;
  awaitable<void> act(const step::Content& content);
  awaitable<void> finishContent(TransactionRecord& record);
  /// Who does not know BDAT reads the chunk as commands, and answers each.
  void stopWhereUnknown(const std::optional<Reply>& answer);
  awaitable<void> answerToWhatCameBehind(Stage stage);
  awaitable<void> act(const step::Rset&);
  awaitable<void> reset();
  awaitable<void> act(const step::NoReply& silence);
  awaitable<void> act(const step::Pause& rest);
  awaitable<void> pause(int milliseconds);
  awaitable<void> act(const step::HalfClose&);
  awaitable<void> act(const step::Drop&);
  awaitable<void> act(const step::Quit&);

  asio::any_io_executor executor_;
  const Target& target_;
  const Place here_;
  const Job& job_;
  Contexts& contexts_;
  SSL_SESSION* offered_;
  Clock::time_point start_;
  Connection connection_;
  wire::ReplyParser parser_;
  Record record_;
  bool ended_ = false;
  bool greeted_ = false;     ///< an EHLO was answered since the last handshake
  bool bareLf_ = false;      ///< at the end of a line of a reply
  bool unheardTls_ = false;  ///< TLS is up and no reply has come over it
  Stage stageHeard_ = Stage::connect;
  std::size_t replies_ = 0, transcribed_ = 0;
  bool open_ = false;  ///< a MAIL was accepted and its transaction has not ended
  std::size_t accepted_ = 0;
  bool contentAsked_ = false;  ///< DATA has gone with its MAIL
  std::string rest_;           ///< of a message whose beginning has left, with what ends it
  Job besideJob_;
  std::unique_ptr<Dialogue> beside_;
};

}  // namespace relayproof::session
