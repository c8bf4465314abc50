#include "conformance/session/dialogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <iterator>
#include <memory>
#include <utility>

#include "conformance/session/connection.h"
#include "conformance/wire/content.h"
#include "conformance/wire/ehlo.h"
#include "conformance/wire/escape.h"
#include "conformance/wire/reply.h"

namespace relayproof::session {
namespace {

using asio::awaitable;
using wire::Reply;
namespace step = wire::step;
using Clock = Connection::Clock;

constexpr std::size_t kMostShown = 1000;
constexpr int kWaitsInASession = 6;
// A relay that never stops talking ends neither our memory nor the run.
constexpr std::size_t kMostReplies = 2000;
constexpr std::size_t kLongestTranscript = 1 << 18;  // octets; what comes after is left out
constexpr int kProxiedPort = 50000;                  // any that a client may have
constexpr int kReady = 220;
constexpr int kServiceClosing = 421;

bool positive(const std::optional<Reply>& reply) { return reply && reply->code / 100 == 2; }

/// As it came, line by line.
std::string line(const Reply& reply, std::size_t at) {
  return fmt::format("{}{}{}", reply.code, at + 1 < reply.lines.size() ? '-' : ' ', reply.lines[at]);
}

class Dialogue {
 public:
  Dialogue(asio::ip::tcp::socket socket, const Target& target, Place here, const Job& job, Contexts& contexts,
           SSL_SESSION* offered)
      : executor_(socket.get_executor()),
        target_(target),
        here_(std::move(here)),
        job_(job),
        contexts_(contexts),
        offered_(offered),
        start_(Clock::now()),
        connection_(boost::beast::tcp_stream(std::move(socket)),
                    job.patience * std::chrono::seconds(target.timeoutSeconds),
                    start_ + job.patience * kWaitsInASession * std::chrono::seconds(target.timeoutSeconds)) {
    record_.source = job.source;
    for (const wire::Transaction& transaction : job.transactions) {
      TransactionRecord& record = record_.transactions.emplace_back();
      record.mailFrom = transaction.mailFrom;
      record.recipients = transaction.recipients;
      record.rcpt.resize(transaction.recipients.size());
    }
  }

  awaitable<Record> play() {
    for (const wire::Step& step : job_.steps) {
      // Whatever became of this session, the one beside it goes on.
      if (ended_ && !std::holds_alternative<step::Beside>(step)) continue;
      co_await std::visit([this](const auto& one) { return act(one); }, step);
    }
    co_await leave();
    if (beside_) {
      co_await beside_->leave();
      takeOver(beside_->record_, std::chrono::duration<double>(beside_->start_ - start_).count());
    }
    co_return std::move(record_);
  }

  /// To be offered by another connection; null where the relay gave none. For as long as this one is there.
  TlsSession session() const { return connection_.tls() == nullptr ? nullptr : connection_.tls()->session(); }

 private:
  double elapsed() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  awaitable<void> leave() {
    // A relay that is left in the middle of a dialogue may slow the next one down.
    if (record_.end == End::stopped && (!record_.lastReply || record_.lastReply->code != kServiceClosing)) {
      co_await connection_.send("QUIT\r\n");
    }
    if (answersAgain() && connection_.tls() != nullptr) copySeen(*connection_.tls());
    connection_.close();
    record_.seconds = elapsed();
  }

  /// What was said beside, `begun` seconds after our beginning.
  void takeOver(Record& beside, double begun) {
    for (std::size_t at = 0; at < beside.transactions.size(); ++at)
      if (beside.transactions[at].mail) record_.transactions[at] = std::move(beside.transactions[at]);
    record_.checks.insert(record_.checks.end(), beside.checks.begin(), beside.checks.end());
    for (Event& event : beside.transcript) event = {event.at + begun, std::move(event.from), "(beside) " + event.text};
    std::vector<Event> all;
    std::ranges::merge(record_.transcript, beside.transcript, std::back_inserter(all), {}, &Event::at, &Event::at);
    record_.transcript = std::move(all);
  }

  awaitable<void> act(const step::Beside& beside) {
    if (!beside_) {
      besideJob_ = job_;
      besideJob_.source = job_.beside->source;
      besideJob_.identity = job_.beside->identity;
      besideJob_.tlsVersion.clear();
      besideJob_.earlier.reset();
      beside_ =
          std::make_unique<Dialogue>(asio::ip::tcp::socket(executor_), target_, here_, besideJob_, contexts_, nullptr);
    }
    for (const wire::Step& step : beside.steps) {
      if (beside_->ended_) break;
      co_await std::visit([this](const auto& one) { return beside_->act(one); }, step);
    }
    const Record& seen = beside_->record_;
    if (ended_ || seen.end == End::completed) co_return;
    record_.lastReply = seen.lastReply;
    end(seen.end, seen.endedAt, "in the session beside: " + seen.endText);
  }

  void note(const char* from, std::string text) {
    if (transcribed_ > kLongestTranscript) return;
    transcribed_ += text.size();
    if (transcribed_ > kLongestTranscript) text = "(the rest of this session is left out)";
    record_.transcript.push_back({elapsed(), from, std::move(text)});
  }

  void check(const std::string& name, bool ok, std::string why) {
    record_.checks.push_back({name, ok, std::move(why)});
  }

  void end(End how, Stage stage, std::string why) {
    ended_ = true;
    record_.end = how;
    record_.endedAt = stage;
    record_.endText = std::move(why);
  }

  void stop(const Reply& reply, Stage stage) {
    record_.lastReply = reply;
    end(End::stopped, stage,
        fmt::format("the relay answered {} {}", reply.code, wire::excerpt(reply.text(), kMostShown)));
  }

  /// Until a first reply came over TLS, the client's certificate may still be refused.
  Stage stageOf(Stage stage) const { return unheardTls_ ? Stage::afterTls : stage; }

  /// An identity was weighed when the relay had asked for it and our answer had left, or where a session was offered
  /// that has one.
  bool identityWasWeighed(const Tls& tls) const {
    return (offered_ != nullptr && job_.earlier->identity) ||
           (tls.seen().certificateRequested && tls.answeredCertificateRequest());
  }

  void lost(Wire how, Stage stage) {
    const Tls* tls = connection_.tls();
    if (tls != nullptr) copySeen(*tls);
    const bool weighing = stage == Stage::tls || stage == Stage::afterTls;
    if (weighing && record_.tls.alert) {
      record_.tls.outcome = TlsRecord::Outcome::refused;
      note("tls", "alert " + *record_.tls.alert);
      return end(End::stopped, stage, "the relay refused TLS with the alert " + *record_.tls.alert);
    }
    if (weighing && how == Wire::closed && tls != nullptr && identityWasWeighed(*tls)) {
      record_.tls.outcome = TlsRecord::Outcome::refused;
    } else if (stage == Stage::tls) {
      record_.tls.outcome = TlsRecord::Outcome::failed;
    }
    note(weighing ? "tls" : "relay", "(" + connection_.why() + ")");
    end(how == Wire::timeout  ? End::timeout
        : how == Wire::closed ? End::dropped
                              : End::protocolError,
        stage, connection_.why());
  }

  void copySeen(const Tls& tls) {
    const TlsRecord::Outcome outcome = record_.tls.outcome;
    record_.tls = tls.seen();
    record_.tls.outcome = outcome;
  }

  /// One reply; none when the session ended instead.
  awaitable<std::optional<Reply>> reply(Stage stage) {
    while (true) {
      if (std::optional<Reply> whole = parser_.next()) {
        heard(*whole, stage);
        co_return whole;
      }
      if (!parser_.fault().empty()) {
        note("relay", parser_.fault());
        end(End::protocolError, stageOf(stage), parser_.fault());
        co_return std::nullopt;
      }
      std::string octets;
      const Wire how = co_await connection_.receive(octets);
      if (how != Wire::ok) {
        lost(how, stageOf(stage));
        co_return std::nullopt;
      }
      parser_.feed(octets);
    }
  }

  void heard(const Reply& reply, Stage stage) {
    for (std::size_t at = 0; at < reply.lines.size(); ++at) note("relay", wire::excerpt(line(reply, at), kMostShown));
    stageHeard_ = stageOf(stage);
    // Where TLS came first, a greeting tells nothing of the certificate yet.
    if (stage != Stage::greeting || reply.code != kReady) unheardTls_ = false;
    bareLf_ |= !reply.crlf;
    if (reply.code == kServiceClosing) return refuseOrStop(reply);
    if (++replies_ > kMostReplies)
      end(End::protocolError, stageHeard_, fmt::format("the relay gave more than {} replies", kMostReplies));
  }

  /// 421 or 554 as the first word over TLS turns the certificate away (RFC 3207 4.1).
  void refuseOrStop(const Reply& reply) {
    if (stageHeard_ == Stage::afterTls && (reply.code == kServiceClosing || reply.code == 554)) {
      record_.tls.outcome = TlsRecord::Outcome::refused;
    }
    stop(reply, stageHeard_);
  }

  /// Replies that are there before the command they would answer (RFC 5321 4.3.1: one reply a command).
  void takeEarlyReplies(std::string_view command, Stage stage) {
    std::string octets;
    connection_.drain(octets);
    parser_.feed(octets);
    while (const std::optional<Reply> early = parser_.next()) {
      heard(*early, stage);
      if (ended_) return;
      if (stageHeard_ == Stage::afterTls && early->code / 100 != 2) return refuseOrStop(*early);
      extraReply(*early, fmt::format("came before {}", command.substr(0, command.find_first_of(" \r"))));
    }
  }

  void extraReply(const Reply& reply, const std::string& where) {
    check("one-reply-a-command", false, fmt::format("\"{}\" {}", wire::excerpt(line(reply, 0), kMostShown), where));
  }

  awaitable<std::optional<Reply>> exchange(std::string octets, std::string shown, Stage stage) {
    takeEarlyReplies(shown, stage);
    if (ended_) co_return std::nullopt;
    note("client", wire::excerpt(shown, kMostShown));
    co_await connection_.send(octets);
    co_return co_await reply(stage);
  }

  awaitable<std::optional<Reply>> command(std::string text, Stage stage) {
    std::string octets = text + "\r\n";
    return exchange(std::move(octets), std::move(text), stage);
  }

  awaitable<void> act(const step::Connect& connect) {
    std::string source = target_.clientAddress == ClientAddress::bind ? job_.source : std::string();
    std::string fault = co_await connection_.connect(std::move(source), here_.endpoint);
    if (!fault.empty()) co_return end(End::unreachable, Stage::connect, std::move(fault));
    if (target_.clientAddress == ClientAddress::proxyProtocol && !job_.source.empty()) {
      std::string header = fmt::format("PROXY TCP4 {} {} {} {}\r\n", job_.source, here_.endpoint.address().to_string(),
                                       kProxiedPort, here_.endpoint.port());
      note("client", wire::excerpt(header, kMostShown));
      co_await connection_.send(header);
    }
    if (record_.source.empty()) record_.source = connection_.localAddress();
    if (here_.implicitTls) {
      co_await handshake();
      if (ended_) co_return;
    }
    if (!connect.first.empty()) {
      note("client", wire::excerpt(connect.first, kMostShown));
      co_await connection_.send(connect.first);
    }
    const std::optional<Reply> greeting = co_await reply(Stage::greeting);
    if (!greeting) co_return;
    record_.greeting = greeting->text();
    if (greeting->code != kReady) co_return refuseOrStop(*greeting);
    if (target_.clientAddress == ClientAddress::xclient && !job_.source.empty()) co_await sayAddress();
  }

  /// The relay begins anew with a greeting (220), or takes no such word from us.
  awaitable<void> sayAddress() {
    const std::optional<Reply> offer = co_await command("EHLO relayproof.client.example", Stage::ehlo);
    if (!offer || ended_) co_return;
    if (!positive(offer)) co_return refuseOrStop(*offer);
    if (!wire::offers(wire::keywords(*offer), "XCLIENT"))
      co_return end(End::stopped, Stage::ehlo, "the relay does not offer us XCLIENT");
    const std::optional<Reply> answer = co_await command("XCLIENT ADDR=" + job_.source, Stage::ehlo);
    if (answer && !ended_ && answer->code != kReady) stop(*answer, Stage::ehlo);
  }

  awaitable<void> act(const step::Ehlo& ehlo) {
    const std::optional<Reply> answer = co_await command("EHLO " + ehlo.name, Stage::ehlo);
    if (!answer) co_return;
    if (!positive(answer)) co_return refuseOrStop(*answer);
    record_.ehlo = wire::keywords(*answer);
    greeted_ = true;
  }

  awaitable<void> act(const step::StartTls&) {
    if (here_.implicitTls) co_return;  // it began with the connection
    if (connection_.tls() != nullptr) co_return end(End::stopped, Stage::starttls, "TLS is in use already");
    if (greeted_ && !wire::offers(record_.ehlo, "STARTTLS")) {
      co_return end(End::stopped, Stage::starttls, "the relay does not offer STARTTLS");
    }
    const std::optional<Reply> answer = co_await command("STARTTLS", Stage::starttls);
    if (!answer) co_return;
    if (answer->code != kReady) co_return stop(*answer, Stage::starttls);
    co_await handshake();
  }

  awaitable<void> act(const step::Handshake&) { co_await handshake(); }

  awaitable<void> handshake() {
    const bool first = job_.earlier && job_.earlier->inThisSession();
    SSL_CTX* context = contextOf(first ? job_.earlier->identity : job_.identity);
    if (context == nullptr) co_return;
    // What the relay said in the clear is never read after TLS (RFC 3207 4.2).
    std::string clear = parser_.takeRest();
    parser_.reset();
    greeted_ = false;
    std::unique_ptr<Tls> tls = Tls::client(context, job_.tlsVersion, target_.sni);
    if (!job_.sni.empty()) tls->askFor(job_.sni);
    if (job_.earlier && job_.earlier->way == Earlier::Way::sessionId) tls->refuseTickets();
    if (offered_ != nullptr) tls->offer(offered_);
    if (answersAgain()) tls->offerPostHandshake();
    const Wire how = co_await connection_.handshake(std::move(tls), clear);
    if (!clear.empty()) {
      note("relay", wire::excerpt(clear, kMostShown));
      // RFC 8446 5.1: a record of TLS itself, an alert, for which our first word was not waited.
      if (!clear.starts_with("\x15\x03"))
        check("server-octets-before-tls", false,
              "between 220 and the handshake came \"" + wire::excerpt(clear, 200) + "\"");
    }
    if (how != Wire::ok) co_return lost(how, Stage::tls);
    secured();
    if (!answersAgain()) co_return;
    if (SSL_CTX* second = contextOf(job_.identity)) connection_.presentFromNowOn(second);
  }

  bool answersAgain() const { return job_.earlier && job_.earlier->way == Earlier::Way::postHandshake; }

  /// Null where the identity cannot be loaded, and the session ended.
  SSL_CTX* contextOf(const std::shared_ptr<const Identity>& identity) {
    Expected<SSL_CTX*> context = contexts_.of(identity);
    if (context) return *context;
    record_.tls.outcome = TlsRecord::Outcome::failed;
    note("tls", context.error().text());
    end(End::stopped, Stage::tls, context.error().text());
    return nullptr;
  }

  void secured() {
    copySeen(*connection_.tls());
    record_.tls.outcome = TlsRecord::Outcome::ok;
    unheardTls_ = true;
    note("tls", fmt::format("{} handshake complete, client certificate {}: {} certificates, resumed: {}",
                            record_.tls.version, record_.tls.certificateRequested ? "requested, sent" : "not requested",
                            record_.tls.chainSent.size(), record_.tls.resumed ? "yes" : "no"));
  }

  /// Whoever does not want to renegotiate may say so, go, or keep silent (RFC 5246 7.2.2): all of it is refused TLS.
  awaitable<void> act(const step::Renegotiate&) {
    if (connection_.tls() == nullptr) co_return end(End::stopped, Stage::tls, "TLS is not in use");
    SSL_CTX* context = contextOf(job_.identity);
    if (context == nullptr) co_return;
    note("client", "(renegotiates)");
    const Wire how = co_await connection_.renegotiate(context);
    record_.tls.renegotiated = how == Wire::ok;
    if (how == Wire::ok) co_return secured();
    copySeen(*connection_.tls());
    record_.tls.outcome = TlsRecord::Outcome::refused;
    if (how == Wire::timeout) record_.tls.alert = "none, and no answer";
    note("tls", record_.tls.alert ? "alert " + *record_.tls.alert : "(" + connection_.why() + ")");
    end(how == Wire::closed && !record_.tls.alert ? End::dropped : End::stopped, Stage::tls,
        "the relay does not renegotiate: " + connection_.why());
  }

  awaitable<void> act(const step::Send& send) {
    note("client", wire::excerpt(send.octets, kMostShown));
    co_await connection_.send(send.octets);
  }

  awaitable<void> act(const step::Expect& expect) {
    const std::optional<Reply> answer = co_await reply(Stage::step);
    if (!answer) co_return;
    const bool met = wire::matches(expect.wanted, answer->code);
    if (!expect.check.empty()) {
      check(expect.check, met,
            fmt::format("the relay answered {} {}", answer->code, wire::excerpt(answer->text(), 200)));
    } else if (!met) {
      stop(*answer, stageHeard_);
    }
  }

  awaitable<void> act(const step::Withholds& withholds) {
    const bool offered = wire::offers(record_.ehlo, withholds.keyword);
    check(withholds.check, !offered,
          fmt::format("the answer to EHLO {} {}", offered ? "offers" : "does not offer", withholds.keyword));
    co_return;
  }

  awaitable<void> act(const step::Requires& needed) {
    if (!wire::offers(record_.ehlo, needed.keyword))
      end(End::stopped, Stage::step, "the relay does not offer " + needed.keyword);
    co_return;
  }

  awaitable<void> act(const step::EndsInCrlf& ends) {
    check(ends.check, !bareLf_, bareLf_ ? "a line of a reply ended in a bare LF" : "each line of a reply did");
    co_return;
  }

  awaitable<void> act(const step::Mail& mail) {
    const wire::Transaction& transaction = job_.transactions.at(mail.transaction);
    TransactionRecord& record = record_.transactions.at(mail.transaction);
    if (open_) {
      co_await reset();
      if (ended_) co_return;
    }
    accepted_ = 0;
    const std::string mailCommand = wire::mailCommand(transaction) + extensionsOf(transaction);
    if (transaction.extended && wire::offers(record_.ehlo, "PIPELINING"))
      co_return co_await askTogether(mailCommand, transaction, record);
    record.mail = co_await command(mailCommand, Stage::mail);
    open_ = positive(record.mail);
    if (!open_) co_return;
    for (std::size_t at = 0; at < transaction.recipients.size() && !ended_; ++at) {
      record.rcpt[at] = co_await command(wire::rcptCommand(transaction, at), Stage::rcpt);
      if (positive(record.rcpt[at])) ++accepted_;
    }
  }

  /// RFC 2920: MAIL and each RCPT in one segment; of a MAIL that was refused the answers to RCPT say nothing.
  awaitable<void> askTogether(const std::string& mailCommand, const wire::Transaction& transaction,
                              TransactionRecord& record) {
    std::string octets = mailCommand + "\r\n";
    for (std::size_t at = 0; at < transaction.recipients.size(); ++at)
      octets += wire::rcptCommand(transaction, at) + "\r\n";
    record.mail = co_await exchange(octets, octets, Stage::mail);
    open_ = positive(record.mail);
    for (std::size_t at = 0; at < transaction.recipients.size() && !ended_; ++at) {
      const std::optional<Reply> answer = co_await reply(Stage::rcpt);
      if (!open_) continue;
      record.rcpt[at] = answer;
      if (positive(answer)) ++accepted_;
    }
  }

  std::string extensionsOf(const wire::Transaction& transaction) const {
    std::string parameters;
    if (!transaction.extended) return parameters;
    if (wire::offers(record_.ehlo, "SIZE")) parameters += fmt::format(" SIZE={}", transaction.message.size());
    if (wire::offers(record_.ehlo, "8BITMIME")) parameters += " BODY=8BITMIME";
    return parameters;
  }

  awaitable<void> act(const step::Content& content) {
    const wire::Transaction& transaction = job_.transactions.at(content.transaction);
    TransactionRecord& record = record_.transactions.at(content.transaction);
    if (content.part == step::Part::rest) co_return co_await finishContent(record);
    if (!open_ || accepted_ == 0 || job_.noData) co_return;
    open_ = false;
    // RFC 2920 3.1: only to who says that he reads commands in groups.
    std::string behind;
    if (wire::offers(record_.ehlo, "PIPELINING"))
      behind = transaction.commandBehind() ? "RSET\r\n" : transaction.quitBehind() ? "QUIT\r\n" : "";
    std::vector<std::string> pieces;
    const bool inChunks = transaction.bdat || (transaction.bdatIfOffered && wire::offers(record_.ehlo, "CHUNKING"));
    if (inChunks) {
      pieces = wire::chunksOf(transaction.message, transaction.chunks);
    } else {
      record.data = co_await command(wire::dataCommand(transaction), Stage::data);
      if (ended_ || record.data->code != 354) co_return;
      pieces = wire::dataOf(transaction);
      if (content.part == step::Part::beginning) pieces = wire::halves(pieces);
    }
    for (std::size_t at = 0; at + 1 < pieces.size(); ++at) {
      if (!inChunks) {
        note("client", wire::excerpt(pieces[at], kMostShown));
        co_await connection_.send(pieces[at]);
        continue;
      }
      record.endOfData = co_await exchange(pieces[at], pieces[at], Stage::endOfData);
      open_ = true;  // until RSET, where it was refused (RFC 3030 2)
      if (!positive(record.endOfData)) co_return stopWhereUnknown(record.endOfData);
      record.endOfData.reset();
    }
    rest_ = pieces.back() + behind;
    if (content.part == step::Part::beginning) co_return;
    co_await finishContent(record);
    if (behind.empty() || ended_) co_return;
    co_await answerToWhatCameBehind(transaction.quitBehind() ? Stage::quit : Stage::step);
    if (transaction.quitBehind() && !ended_) end(End::completed, Stage::quit, "");
  }

  awaitable<void> finishContent(TransactionRecord& record) {
    if (rest_.empty()) co_return;
    const std::string octets = std::exchange(rest_, {});
    record.endOfData = co_await exchange(octets, octets, Stage::endOfData);
    open_ = false;
    if (!record.data) stopWhereUnknown(record.endOfData);
  }

  /// Who does not know BDAT reads the chunk as commands, and answers each.
  void stopWhereUnknown(const std::optional<Reply>& answer) {
    if (answer && (answer->code == 500 || answer->code == 502)) stop(*answer, Stage::endOfData);
  }

  awaitable<void> answerToWhatCameBehind(Stage stage) {
    const std::optional<Reply> answer = co_await reply(stage);
    if (!answer) co_return;
    check("command-behind-the-message-is-read", positive(answer),
          fmt::format("the relay answered {} {}", answer->code, wire::excerpt(answer->text(), 200)));
  }

  awaitable<void> act(const step::Rset&) { co_await reset(); }

  awaitable<void> reset() {
    co_await command("RSET", Stage::step);
    open_ = false;
  }

  awaitable<void> act(const step::NoReply& silence) {
    co_await pause(silence.milliseconds);
    std::string octets;
    connection_.drain(octets);
    parser_.feed(octets);
    std::string said;
    while (const std::optional<Reply> unwanted = parser_.next()) {
      heard(*unwanted, Stage::step);
      if (said.empty()) said = line(*unwanted, 0);
    }
    if (said.empty()) said = parser_.fault() + parser_.takeRest();
    check(silence.check, said.empty(),
          said.empty() ? fmt::format("nothing came for {} ms", silence.milliseconds)
                       : "the relay said \"" + wire::excerpt(said, 200) + "\"");
  }

  awaitable<void> act(const step::Pause& rest) {
    co_await pause(rest.milliseconds);
    if (!rest.hears) co_return;
    std::string octets;
    connection_.drain(octets);
    parser_.feed(octets);
    while (const std::optional<Reply> answer = parser_.next()) heard(*answer, Stage::step);
  }

  awaitable<void> pause(int milliseconds) {
    asio::steady_timer timer(executor_, std::chrono::milliseconds(milliseconds));
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

  awaitable<void> act(const step::HalfClose&) {
    note("client", "(no more from here)");
    return connection_.halfClose();
  }

  awaitable<void> act(const step::Drop&) {
    note("client", "(drops the connection)");
    end(End::completed, Stage::quit, "");
    co_return;
  }

  awaitable<void> act(const step::Quit&) {
    std::optional<Reply> last = co_await command("QUIT", Stage::quit);
    const bool answered = last.has_value();
    while (last && !ended_ && last->code != 221) {
      const Reply before = *last;
      last = co_await reply(Stage::quit);
      if (last) extraReply(before, "came before the 221 to QUIT");
    }
    // Some say good-bye in a code of their own, and go.
    if (answered && !last && record_.end == End::dropped) end(End::completed, Stage::quit, "");
  }

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
  std::string rest_;  ///< of a message whose beginning has left, with what ends it
  Job besideJob_;
  std::unique_ptr<Dialogue> beside_;
};

/// The same EHLO, senders and recipients, and no message.
void askAsLater(const Job& job, Job& before) {
  before.transactions = job.transactions;
  for (const wire::Step& step : job.steps)
    if (const auto* ehlo = std::get_if<step::Ehlo>(&step))
      for (wire::Step& earlier : before.steps)
        if (std::holds_alternative<step::Ehlo>(earlier)) earlier = *ehlo;
  const auto quit = before.steps.end() - 1;
  std::vector<wire::Step> asks;
  for (std::size_t i = 0; i < before.transactions.size(); ++i) asks.emplace_back(step::Mail{i});
  before.steps.insert(quit, asks.begin(), asks.end());
}

/// The session that is to be resumed: as far as the first reply over TLS, behind which tickets have come (RFC
/// 8446 4.6.1); or one that asks what the next one will.
Job sessionBefore(const Job& job, bool implicitTls) {
  Job before;
  before.source = job.source;
  before.identity = job.earlier->identity;
  before.earlier = job.earlier;
  before.tlsVersion = job.tlsVersion;
  before.steps = wire::plainDialogue("client.example", !implicitTls, 0);
  if (job.earlier->way == Earlier::Way::session) askAsLater(job, before);
  return before;
}

/// The session that is to be resumed, and the pause behind it.
awaitable<Begun> begin(const Target& target, Place place, const Job& job, Contexts& contexts) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const Clock::time_point start = Clock::now();
  const Job before = sessionBefore(job, place.implicitTls);
  Dialogue earlier(asio::ip::tcp::socket(executor), target, std::move(place), before, contexts, nullptr);
  Record said = co_await earlier.play();
  TlsSession offered = job.earlier->resumes() ? earlier.session() : nullptr;
  asio::steady_timer timer(executor, std::chrono::seconds(job.earlier->pauseSeconds));
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  Begun begun;
  begun.transcript = std::move(said.transcript);
  begun.offered = std::move(offered);
  begun.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  co_return begun;
}

/// What was said in the session before goes in front.
void prepend(Begun begun, bool resumes, Record& record) {
  std::vector<Event> earlier = std::move(begun.transcript);
  const double seconds = begun.seconds;
  earlier.push_back({seconds, "client",
                     !resumes        ? "(another connection)"
                     : begun.offered ? "(another connection, to resume the TLS session of the first)"
                                     : "(another connection; the first gave no TLS session to resume)"});
  for (Event& event : record.transcript) {
    event.at += seconds;
    earlier.push_back(std::move(event));
  }
  record.transcript = std::move(earlier);
  record.seconds += seconds;
}

}  // namespace

awaitable<Record> playDialogue(const Target& target, Place here, Place before, const Job& job, Contexts& contexts) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  if (!job.earlier || job.earlier->inThisSession()) {
    Dialogue dialogue(asio::ip::tcp::socket(executor), target, std::move(here), job, contexts, nullptr);
    co_return co_await dialogue.play();
  }
  Begun begun;
  if (job.begun)
    begun = *job.begun;
  else
    begun = co_await begin(target, std::move(before), job, contexts);
  if (job.beginsOnly) {
    Record only;
    only.begun = std::move(begun);
    co_return only;
  }
  Dialogue dialogue(asio::ip::tcp::socket(executor), target, std::move(here), job, contexts, begun.offered.get());
  Record record = co_await dialogue.play();
  prepend(std::move(begun), job.earlier->resumes(), record);
  co_return record;
}

awaitable<Record> playDialogue(const Target& target, asio::ip::tcp::socket connected, const Job& job,
                               Contexts& contexts) {
  Dialogue dialogue(std::move(connected), target, Place{{}, target.implicitTls}, job, contexts, nullptr);
  co_return co_await dialogue.play();
}

Record unreachable(const Job& job, std::string why) {
  Record record;
  record.source = job.source;
  record.end = End::unreachable;
  record.endedAt = Stage::connect;
  record.endText = std::move(why);
  return record;
}

}  // namespace relayproof::session
