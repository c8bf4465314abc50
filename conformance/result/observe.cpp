#include "conformance/result/observe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "conformance/result/passed_message.h"
#include "conformance/wire/escape.h"

namespace relayproof::result {
namespace {

using session::End;
using session::Stage;

constexpr std::size_t kLongestText = 500;
constexpr std::size_t kMostBareLineEnds = 5;

std::string_view word(Stage stage) {
  constexpr std::array<std::string_view, 12> words = {"connect", "connect", "ehlo", "starttls",    "tls",  "tls",
                                                      "mail",    "rcpt",    "data", "end-of-data", "step", "quit"};
  return words[static_cast<std::size_t>(stage)];
}

std::string_view word(End end) {
  constexpr std::array<std::string_view, 6> words = {"completed", "unreachable",    "timeout",
                                                     "dropped",   "protocol-error", "stopped"};
  return words[static_cast<std::size_t>(end)];
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

/// Octets that a local part may hold without quotes (RFC 5321 4.1.2, Dot-string).
bool plainInLocalPart(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view(".!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

/// An address in the form in which relays may pass it on: RFC 5321 lets them drop a source route, unquote a local part
/// that needs no quotes and change the case of a domain; that of a local part is not told apart here.
std::string comparable(std::string_view address) {
  if (address.starts_with('@'))
    if (const std::size_t colon = address.find(':'); colon != std::string_view::npos) address.remove_prefix(colon + 1);
  std::string plain;
  bool escapedOctet = false, quoted = false;
  for (const char c : address) {
    if (!escapedOctet && c == '"') {
      quoted = !quoted;
    } else if (!escapedOctet && quoted && c == '\\') {
      escapedOctet = true;
    } else {
      if (quoted && !plainInLocalPart(c)) plain += '\\';  // "a@b"@c is another address than a@b@c
      plain += c;
      escapedOctet = false;
    }
  }
  return lower(plain);
}

/// Whether a U-label may be what an A-label stands for: Punycode has its ASCII letters in their order before the last
/// hyphen (RFC 3492 3.1). The others are not decoded.
bool mayStandFor(std::string_view aLabel, std::string_view uLabel) {
  constexpr std::string_view kPrefix = "xn--";
  if (!aLabel.starts_with(kPrefix)) return false;
  aLabel.remove_prefix(kPrefix.size());
  const std::size_t hyphen = aLabel.rfind('-');
  std::string ascii;
  std::ranges::copy_if(uLabel, std::back_inserter(ascii), [](char c) { return (c & 0x80) == 0; });
  return ascii.size() < uLabel.size() && ascii == (hyphen == std::string_view::npos ? "" : aLabel.substr(0, hyphen));
}

/// An A-label may be passed on as its U-label (RFC 6531 3.2).
bool sameDomain(std::string_view ours, std::string_view theirs) {
  const std::size_t left = std::min(ours.find('.'), ours.size()), right = std::min(theirs.find('.'), theirs.size());
  const std::string_view one = ours.substr(0, left), other = theirs.substr(0, right);
  if (one != other && !mayStandFor(one, other)) return false;
  if (left == ours.size() || right == theirs.size()) return left == ours.size() && right == theirs.size();
  return sameDomain(ours.substr(left + 1), theirs.substr(right + 1));
}

/// <Postmaster> may be passed on with whatever domain the relay calls its own.
bool sameAddress(std::string_view ours, std::string_view theirs) {
  const std::string left = comparable(ours), right = comparable(theirs);
  const std::size_t at = left.rfind('@');
  if (at != std::string::npos)
    return right.substr(0, at + 1) == left.substr(0, at + 1) &&
           sameDomain(std::string_view(left).substr(at + 1), std::string_view(right).substr(at + 1));
  return left == right.substr(0, right.find('@'));
}

void setReply(Observed& observed, const wire::Reply& reply) {
  observed.code = reply.code;
  observed.enhanced = reply.enhanced;
  observed.text = wire::excerpt(reply.text(), kLongestText);
}

/// What a reply says at a stage where 2yz (354 to DATA) means go on.
Observed answered(const wire::Reply& reply, Stage stage) {
  Observed observed;
  observed.stage = word(stage);
  setReply(observed, reply);
  const int kind = reply.code / 100;
  observed.verdict = kind == 5 ? "deny" : kind == 4 ? "defer" : "protocol-error";
  return observed;
}

/// What is seen of a recipient that awaited a reply when the session ended.
Observed unanswered(const session::Record& record) {
  Observed observed;
  observed.stage = word(record.endedAt);
  observed.text = wire::excerpt(record.endText, kLongestText);
  if (record.lastReply) setReply(observed, *record.lastReply);
  if (record.tls.outcome == session::TlsRecord::Outcome::refused) {
    observed.verdict = "refuse-tls";
    observed.stage = word(Stage::tls);
    return observed;
  }
  switch (record.end) {
    case End::timeout:
      observed.verdict = "timeout";
      break;
    case End::dropped:
      observed.verdict = "drop";
      break;
    case End::protocolError:
      observed.verdict = "protocol-error";
      break;
    case End::stopped:
      observed.verdict = observed.code / 100 == 4 ? "defer" : "not-reached";
      break;
    case End::unreachable:
    case End::completed:
      observed.verdict = "not-reached";
      break;
  }
  return observed;
}

/// nullopt: the recipient still waits for an answer that never came.
std::optional<Observed> verdictFromReplies(const session::TransactionRecord& transaction, std::size_t recipient) {
  const auto positive = [](const wire::Reply& reply) { return reply.code / 100 == 2; };
  if (!transaction.mail) return std::nullopt;
  if (!positive(*transaction.mail)) return answered(*transaction.mail, Stage::mail);
  if (recipient >= transaction.rcpt.size() || !transaction.rcpt[recipient]) return std::nullopt;
  const wire::Reply& rcpt = *transaction.rcpt[recipient];
  if (!positive(rcpt)) return answered(rcpt, Stage::rcpt);
  if (transaction.data && transaction.data->code != 354) return answered(*transaction.data, Stage::data);
  if (!transaction.endOfData) return std::nullopt;
  Observed observed = answered(*transaction.endOfData, Stage::endOfData);
  if (positive(*transaction.endOfData)) observed.verdict = "accept";
  return observed;
}

bool begun(const session::TransactionRecord& transaction) { return transaction.mail.has_value(); }

/// True where a session that completed left a recipient at a positive reply to RCPT: the content was not sent.
bool stoppedBeforeData(const session::Record& record, const session::TransactionRecord& transaction,
                       std::size_t recipient) {
  return record.end == End::completed && recipient < transaction.rcpt.size() && transaction.rcpt[recipient].has_value();
}

struct Arrival {
  std::string_view hop;
  const session::SinkMessage* message;
};

std::vector<Arrival> arrivals(const PassedOn& passedOn) {
  std::vector<Arrival> all;
  for (const session::SinkMessage& message : passedOn.nextHop) all.push_back({"next-hop", &message});
  for (const session::SinkMessage& message : passedOn.localHop) all.push_back({"local-hop", &message});
  return all;
}

/// A message that tells a sender of ours what became of his own: null reverse-path, to his address (RFC 5321 4.5.5).
bool notifies(const session::SinkMessage& message, const std::string& sender) {
  return message.mailFrom.empty() && !sender.empty() &&
         std::any_of(message.recipients.begin(), message.recipients.end(),
                     [&](const std::string& address) { return sameAddress(sender, address); });
}

/// A recipient of one transaction, and the messages that reached it.
struct Slot {
  const Transaction* transaction;
  Recipient* recipient;
  std::vector<Arrival> arrived;
};

/// How likely it is that a message is that slot's. Several transactions of a session may name one address, and relays
/// may rewrite the sender, so neither tells by itself; 0: another address.
int likeness(const Slot& slot, const session::SinkMessage& message, const std::string& address) {
  if (!sameAddress(slot.recipient->address, address)) return 0;
  const bool waiting = slot.arrived.empty();
  const bool accepted = slot.recipient->observed.verdict == "accept";
  const bool sameSender = comparable(slot.transaction->mailFrom) == comparable(message.mailFrom);
  if (waiting && accepted && sameSender) return 5;
  if (waiting && sameSender) return 4;
  if (waiting && accepted) return 3;
  return waiting ? 1 : 2;
}

void allot(const Arrival& arrival, const std::string& address, std::vector<Slot>& slots) {
  Slot* best = nullptr;
  int most = 0;
  for (Slot& slot : slots) {
    const int now = likeness(slot, *arrival.message, address);
    if (now <= most) continue;
    best = &slot;
    most = now;
  }
  if (best) best->arrived.push_back(arrival);
}

std::string passedOnWord(const Slot& slot, const std::vector<Arrival>& all) {
  if (slot.arrived.size() > 1) return "twice";
  if (slot.arrived.size() == 1) return std::string(slot.arrived[0].hop);
  const bool notified = std::any_of(all.begin(), all.end(), [&](const Arrival& arrival) {
    return notifies(*arrival.message, slot.transaction->mailFrom);
  });
  return notified && slot.recipient->observed.verdict == "accept" ? "late-denial" : "none";
}

/// What the relay's mark says; each of several once, as "a, b".
std::optional<std::string> tenantOf(const session::SinkMessage& message, const std::string& header) {
  std::vector<std::string> distinct;
  for (std::string& value : fieldValues(message.data, header))
    if (std::find(distinct.begin(), distinct.end(), value) == distinct.end()) distinct.push_back(std::move(value));
  if (distinct.empty()) return std::nullopt;
  return wire::excerpt(fmt::format("{}", fmt::join(distinct, ", ")), kLongestText);
}

/// Whether a copy holds a mark that the client had written into the message.
bool isForged(const std::string& copy, const std::string& sent, const std::string& tenantHeader) {
  const std::vector<std::string> marks = fieldValues(copy, tenantHeader), written = fieldValues(sent, tenantHeader);
  return std::find_first_of(marks.begin(), marks.end(), written.begin(), written.end()) != marks.end();
}

void addArrivals(std::vector<Transaction>& transactions, const std::vector<Arrival>& all,
                 const std::vector<std::string>& sent, const std::string& tenantHeader) {
  std::vector<Slot> slots;
  for (Transaction& transaction : transactions)
    for (Recipient& recipient : transaction.recipients) slots.push_back({&transaction, &recipient, {}});
  for (const Arrival& arrival : all) {
    const bool notice = std::any_of(transactions.begin(), transactions.end(), [&](const Transaction& transaction) {
      return notifies(*arrival.message, transaction.mailFrom);
    });
    if (notice) continue;
    for (const std::string& address : arrival.message->recipients) allot(arrival, address, slots);
  }
  for (Slot& slot : slots) {
    Observed& observed = slot.recipient->observed;
    observed.passedOn = passedOnWord(slot, all);
    if (slot.arrived.empty() || tenantHeader.empty()) continue;
    const session::SinkMessage& copy = *slot.arrived[0].message;
    observed.tenant = tenantOf(copy, tenantHeader);
    const auto number = static_cast<std::size_t>(slot.transaction - transactions.data());
    observed.forgedMark = number < sent.size() && isForged(copy.data, sent[number], tenantHeader);
  }
}

/// Recipients of this session's mail that no transaction names; notices to a sender of ours are none.
std::vector<std::string> strays(const std::vector<Transaction>& transactions, const std::vector<Arrival>& all) {
  std::vector<std::string> found;
  for (const Arrival& arrival : all)
    for (const std::string& address : arrival.message->recipients) {
      const bool known = std::any_of(transactions.begin(), transactions.end(), [&](const Transaction& transaction) {
        return notifies(*arrival.message, transaction.mailFrom) ||
               std::any_of(transaction.recipients.begin(), transaction.recipients.end(),
                           [&](const Recipient& recipient) { return sameAddress(recipient.address, address); });
      });
      std::string shown = wire::excerpt(address, kLongestText);
      if (!known && std::find(found.begin(), found.end(), shown) == found.end()) found.push_back(std::move(shown));
    }
  return found;
}

/// The message of the transaction that a copy is of, by its recipient.
const std::string* originalOf(const session::SinkMessage& copy, const std::vector<Transaction>& transactions,
                              const std::vector<std::string>& sent) {
  for (std::size_t t = 0; t < transactions.size() && t < sent.size(); ++t)
    for (const Recipient& recipient : transactions[t].recipients)
      if (std::any_of(copy.recipients.begin(), copy.recipients.end(),
                      [&](const std::string& address) { return sameAddress(recipient.address, address); }))
        return transactions[t].smuggled || notifies(copy, transactions[t].mailFrom) ? nullptr : &sent[t];
  return nullptr;
}

/// Whether a copy holds the Message-ID of more than one of the messages that were sent.
bool isMerged(const std::string& copy, const std::vector<std::string>& sent) {
  std::set<std::string> found;
  for (const std::string& message : sent)
    for (const std::string& id : fieldValues(message, "Message-ID"))
      if (copy.find(id) != std::string::npos) found.insert(id);
  return found.size() > 1;
}

Observed smuggledVerdict(const Observed& afterArrivals) {
  Observed observed = afterArrivals;
  const bool arrived = observed.passedOn && *observed.passedOn != "none";
  observed.verdict = arrived ? "accept" : "not-reached";
  observed.stage = arrived ? word(Stage::endOfData) : "";
  return observed;
}

/// What the sinks hold, beside the answers that were seen.
void addPassedOn(Session& seen, const PassedOn& passedOn, const std::string& tenantHeader) {
  if (passedOn.nextHopWatched) seen.watched.emplace_back("next-hop");
  if (passedOn.localHopWatched) seen.watched.emplace_back("local-hop");
  if (!seen.watched.empty()) {
    const std::vector<Arrival> all = arrivals(passedOn);
    addArrivals(seen.transactions, all, passedOn.sent, tenantHeader);
    seen.strays = strays(seen.transactions, all);
    for (const Arrival& arrival : all) {
      const std::string* original = originalOf(*arrival.message, seen.transactions, passedOn.sent);
      const auto lost = original ? lostLine(*original, arrival.message->data) : std::nullopt;
      if (lost) seen.lostLines.push_back(wire::excerpt(*lost, kLongestText));
      if (!arrival.message->recipients.empty() && isMerged(arrival.message->data, passedOn.sent))
        seen.mergedMessages.push_back(wire::excerpt(arrival.message->recipients.front(), kLongestText));
    }
    for (const Arrival& arrival : all)
      for (const std::string& place : arrival.message->bareLineEnds)
        if (seen.bareLineEnds.size() < kMostBareLineEnds) seen.bareLineEnds.push_back(place);
  }
  for (Transaction& transaction : seen.transactions)
    if (transaction.smuggled)
      for (Recipient& recipient : transaction.recipients) recipient.observed = smuggledVerdict(recipient.observed);
}

}  // namespace

Session observe(const session::Record& record, const std::optional<std::string>& fixture,
                const std::vector<std::string>& fixtureChain, const PassedOn& passedOn, const std::string& tenantHeader,
                const std::set<std::size_t>& smuggled) {
  using Tls = session::TlsRecord::Outcome;
  Session seen;
  seen.source = record.source;
  seen.certificate = fixture;
  seen.tlsOutcome = record.tls.outcome == Tls::ok ? "ok" : record.tls.outcome == Tls::refused ? "refused" : "none";
  seen.tlsVersion = record.tls.version;
  seen.resumed = record.tls.resumed;
  seen.alert = record.tls.alert;
  seen.certificateRequested = record.tls.certificateRequested;
  seen.chainArrived = record.tls.chainSent == fixtureChain;
  seen.withheld = record.tls.certificateRequested && record.tls.chainSent.empty() && !fixtureChain.empty();
  seen.end = {std::string(word(record.end)), std::string(word(record.endedAt)),
              wire::excerpt(record.endText, kLongestText)};
  seen.transcript = record.transcript;

  bool cut = false;  // a transaction before this one took the end of the session: the rest was never reached
  for (std::size_t t = 0; t < record.transactions.size(); ++t) {
    const session::TransactionRecord& from = record.transactions[t];
    Transaction& to = seen.transactions.emplace_back();
    to.mailFrom = from.mailFrom;
    to.smuggled = smuggled.contains(t);
    bool waited = false;
    for (std::size_t r = 0; r < from.recipients.size(); ++r) {
      Recipient& recipient = to.recipients.emplace_back();
      recipient.address = from.recipients[r];
      if (to.smuggled) continue;
      if (std::optional<Observed> verdict = verdictFromReplies(from, r)) {
        recipient.observed = std::move(*verdict);
      } else if (stoppedBeforeData(record, from, r)) {
        recipient.observed = answered(*from.rcpt[r], Stage::rcpt);
        recipient.observed.verdict = "not-reached";
      } else if (!cut || begun(from) || record.tls.outcome == Tls::refused) {
        recipient.observed = unanswered(record);  // refused TLS is an answer to all that would have come
        waited = true;
      } else {
        recipient.observed.text = "the session ended before";
      }
    }
    cut = cut || waited;
  }
  addPassedOn(seen, passedOn, tenantHeader);
  return seen;
}

void observeAgain(Session& seen, const PassedOn& passedOn, const std::string& tenantHeader) {
  for (Transaction& transaction : seen.transactions)
    for (Recipient& recipient : transaction.recipients) {
      if (transaction.smuggled) recipient.observed = {};
      recipient.observed.passedOn.reset();
      recipient.observed.tenant.reset();
      recipient.observed.forgedMark = false;
    }
  for (auto* found : {&seen.watched, &seen.strays, &seen.lostLines, &seen.mergedMessages, &seen.bareLineEnds})
    found->clear();
  addPassedOn(seen, passedOn, tenantHeader);
}

}  // namespace relayproof::result
