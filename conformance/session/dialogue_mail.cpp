// The transactions of a session: MAIL, RCPT, the message by DATA or BDAT, and RSET.
#include <fmt/format.h>

#include <utility>

#include "conformance/session/one_dialogue.h"
#include "conformance/wire/content.h"
#include "conformance/wire/ehlo.h"
#include "conformance/wire/escape.h"

namespace relayproof::session {

awaitable<void> Dialogue::act(const step::Mail& mail) {
  const wire::Transaction& transaction = job_.transactions.at(mail.transaction);
  TransactionRecord& record = record_.transactions.at(mail.transaction);
  if (open_) {
    co_await reset();
    if (ended_) co_return;
  }
  accepted_ = 0;
  contentAsked_ = false;
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

awaitable<void> Dialogue::askTogether(const std::string& mailCommand, const wire::Transaction& transaction,
                                      TransactionRecord& record) {
  std::string octets = mailCommand + "\r\n";
  for (std::size_t at = 0; at < transaction.recipients.size(); ++at)
    octets += wire::rcptCommand(transaction, at) + "\r\n";
  contentAsked_ = !job_.noData && !inChunks(transaction);
  if (contentAsked_) octets += wire::dataCommand(transaction) + "\r\n";
  record.mail = co_await exchange(octets, octets, Stage::mail);
  open_ = positive(record.mail);
  for (std::size_t at = 0; at < transaction.recipients.size() && !ended_; ++at) {
    const std::optional<Reply> answer = co_await reply(Stage::rcpt);
    if (!open_) continue;
    record.rcpt[at] = answer;
    if (positive(answer)) ++accepted_;
  }
  if (!contentAsked_ || ended_) co_return;
  const std::optional<Reply> answer = co_await reply(Stage::data);
  if (accepted_ > 0)
    record.data = answer;
  else if (answer && answer->code == 354)
    co_await exchange(".\r\n", ".\r\n", Stage::endOfData);  // RFC 2920 3.1: of a message for nobody
}

bool Dialogue::inChunks(const wire::Transaction& transaction) const {
  return transaction.bdat || (transaction.bdatIfOffered && wire::offers(record_.ehlo, "CHUNKING"));
}

std::string Dialogue::extensionsOf(const wire::Transaction& transaction) const {
  std::string parameters;
  if (!transaction.extended) return parameters;
  if (wire::offers(record_.ehlo, "SIZE")) parameters += fmt::format(" SIZE={}", transaction.message.size());
  if (wire::offers(record_.ehlo, "8BITMIME")) parameters += " BODY=8BITMIME";
  if (transaction.smtpUtf8IfOffered && wire::offers(record_.ehlo, "SMTPUTF8")) parameters += " SMTPUTF8";
  return parameters;
}

awaitable<void> Dialogue::act(const step::Content& content) {
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
  const bool chunked = inChunks(transaction);
  if (chunked) {
    pieces = wire::chunksOf(transaction.message, transaction.chunks);
  } else {
    if (!contentAsked_) record.data = co_await command(wire::dataCommand(transaction), Stage::data);
    if (ended_ || record.data->code != 354) co_return;
    pieces = wire::dataOf(transaction);
    if (content.part == step::Part::beginning) pieces = wire::halves(pieces);
  }
  for (std::size_t at = 0; at + 1 < pieces.size(); ++at) {
    if (!chunked) {
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

awaitable<void> Dialogue::finishContent(TransactionRecord& record) {
  if (rest_.empty()) co_return;
  const std::string octets = std::exchange(rest_, {});
  record.endOfData = co_await exchange(octets, octets, Stage::endOfData);
  open_ = false;
  if (!record.data) stopWhereUnknown(record.endOfData);
}

void Dialogue::stopWhereUnknown(const std::optional<Reply>& answer) {
  if (answer && (answer->code == 500 || answer->code == 502)) stop(*answer, Stage::endOfData);
}

awaitable<void> Dialogue::answerToWhatCameBehind(Stage stage) {
  const std::optional<Reply> answer = co_await reply(stage);
  if (!answer) co_return;
  check("command-behind-the-message-is-read", positive(answer),
        fmt::format("the relay answered {} {}", answer->code, wire::excerpt(answer->text(), 200)));
}

awaitable<void> Dialogue::act(const step::Rset&) { co_await reset(); }

awaitable<void> Dialogue::reset() {
  co_await command("RSET", Stage::step);
  open_ = false;
}

}  // namespace relayproof::session
