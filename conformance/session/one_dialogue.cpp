#include "conformance/session/one_dialogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <iterator>
#include <utility>

#include "conformance/wire/ehlo.h"
#include "conformance/wire/escape.h"

namespace relayproof::session {
namespace {

constexpr int kWaitsInASession = 6;
// A relay that never stops talking ends neither our memory nor the run.
constexpr std::size_t kMostReplies = 2000;
constexpr std::size_t kLongestTranscript = 1 << 18;  // octets; what comes after is left out

/// As it came, line by line.
std::string line(const Reply& reply, std::size_t at) {
  return fmt::format("{}{}{}", reply.code, at + 1 < reply.lines.size() ? '-' : ' ', reply.lines[at]);
}

}  // namespace

Dialogue::Dialogue(asio::ip::tcp::socket socket, const Target& target, Place here, const Job& job, Contexts& contexts,
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

awaitable<Record> Dialogue::play() {
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

awaitable<void> Dialogue::leave() {
  // A relay that is left in the middle of a dialogue may slow the next one down.
  if (record_.end == End::stopped && (!record_.lastReply || record_.lastReply->code != kServiceClosing)) {
    co_await connection_.send("QUIT\r\n");
  }
  if (answersAgain() && connection_.tls() != nullptr) copySeen(*connection_.tls());
  connection_.close();
  record_.seconds = elapsed();
}

void Dialogue::takeOver(Record& beside, double begun) {
  for (std::size_t at = 0; at < beside.transactions.size(); ++at)
    if (beside.transactions[at].mail) record_.transactions[at] = std::move(beside.transactions[at]);
  record_.checks.insert(record_.checks.end(), beside.checks.begin(), beside.checks.end());
  for (Event& event : beside.transcript) event = {event.at + begun, std::move(event.from), "(beside) " + event.text};
  std::vector<Event> all;
  std::ranges::merge(record_.transcript, beside.transcript, std::back_inserter(all), {}, &Event::at, &Event::at);
  record_.transcript = std::move(all);
}

awaitable<void> Dialogue::act(const step::Beside& beside) {
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

void Dialogue::note(const char* from, std::string text) {
  if (transcribed_ > kLongestTranscript) return;
  transcribed_ += text.size();
  if (transcribed_ > kLongestTranscript) text = "(the rest of this session is left out)";
  record_.transcript.push_back({elapsed(), from, std::move(text)});
}

void Dialogue::check(const std::string& name, bool ok, std::string why) {
  record_.checks.push_back({name, ok, std::move(why)});
}

void Dialogue::end(End how, Stage stage, std::string why) {
  ended_ = true;
  record_.end = how;
  record_.endedAt = stage;
  record_.endText = std::move(why);
}

void Dialogue::stop(const Reply& reply, Stage stage) {
  record_.lastReply = reply;
  end(End::stopped, stage,
      fmt::format("the relay answered {} {}", reply.code, wire::excerpt(reply.text(), kMostShown)));
}

awaitable<std::optional<Reply>> Dialogue::reply(Stage stage) {
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

void Dialogue::heard(const Reply& reply, Stage stage) {
  for (std::size_t at = 0; at < reply.lines.size(); ++at) note("relay", wire::excerpt(line(reply, at), kMostShown));
  stageHeard_ = stageOf(stage);
  // Where TLS came first, a greeting tells nothing of the certificate yet.
  if (stage != Stage::greeting || reply.code != kReady) unheardTls_ = false;
  bareLf_ |= !reply.crlf;
  if (reply.code == kServiceClosing) return refuseOrStop(reply);
  if (++replies_ > kMostReplies)
    end(End::protocolError, stageHeard_, fmt::format("the relay gave more than {} replies", kMostReplies));
}

void Dialogue::refuseOrStop(const Reply& reply) {
  if (stageHeard_ == Stage::afterTls && (reply.code == kServiceClosing || reply.code == 554)) {
    record_.tls.outcome = TlsRecord::Outcome::refused;
  }
  stop(reply, stageHeard_);
}

void Dialogue::takeEarlyReplies(std::string_view command, Stage stage) {
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

void Dialogue::extraReply(const Reply& reply, const std::string& where) {
  check("one-reply-a-command", false, fmt::format("\"{}\" {}", wire::excerpt(line(reply, 0), kMostShown), where));
}

awaitable<std::optional<Reply>> Dialogue::exchange(std::string octets, std::string shown, Stage stage) {
  takeEarlyReplies(shown, stage);
  if (ended_) co_return std::nullopt;
  note("client", wire::excerpt(shown, kMostShown));
  co_await connection_.send(octets);
  co_return co_await reply(stage);
}

awaitable<std::optional<Reply>> Dialogue::command(std::string text, Stage stage) {
  std::string octets = text + "\r\n";
  return exchange(std::move(octets), std::move(text), stage);
}

awaitable<void> Dialogue::act(const step::Send& send) {
  note("client", wire::excerpt(send.octets, kMostShown));
  co_await connection_.send(send.octets);
}

awaitable<void> Dialogue::act(const step::Expect& expect) {
  const std::optional<Reply> answer = co_await reply(Stage::step);
  if (!answer) co_return;
  const bool met = wire::matches(expect.wanted, answer->code);
  if (!expect.check.empty()) {
    check(expect.check, met, fmt::format("the relay answered {} {}", answer->code, wire::excerpt(answer->text(), 200)));
  } else if (!met) {
    stop(*answer, stageHeard_);
  }
}

awaitable<void> Dialogue::act(const step::Withholds& withholds) {
  const bool offered = wire::offers(record_.ehlo, withholds.keyword);
  check(withholds.check, !offered,
        fmt::format("the answer to EHLO {} {}", offered ? "offers" : "does not offer", withholds.keyword));
  co_return;
}

awaitable<void> Dialogue::act(const step::Requires& needed) {
  if (!wire::offers(record_.ehlo, needed.keyword))
    end(End::stopped, Stage::step, "the relay does not offer " + needed.keyword);
  co_return;
}

awaitable<void> Dialogue::act(const step::EndsInCrlf& ends) {
  check(ends.check, !bareLf_, bareLf_ ? "a line of a reply ended in a bare LF" : "each line of a reply did");
  co_return;
}

awaitable<void> Dialogue::act(const step::NoReply& silence) {
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

awaitable<void> Dialogue::act(const step::Pause& rest) {
  co_await pause(rest.milliseconds);
  if (!rest.hears) co_return;
  std::string octets;
  connection_.drain(octets);
  parser_.feed(octets);
  while (const std::optional<Reply> answer = parser_.next()) heard(*answer, Stage::step);
}

awaitable<void> Dialogue::pause(int milliseconds) {
  asio::steady_timer timer(executor_, std::chrono::milliseconds(milliseconds));
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

awaitable<void> Dialogue::act(const step::HalfClose&) {
  note("client", "(no more from here)");
  return connection_.halfClose();
}

awaitable<void> Dialogue::act(const step::Drop&) {
  note("client", "(drops the connection)");
  end(End::completed, Stage::quit, "");
  co_return;
}

awaitable<void> Dialogue::act(const step::Quit&) {
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

}  // namespace relayproof::session
