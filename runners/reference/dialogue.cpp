#include "runners/reference/dialogue.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <functional>

namespace relayproof::reference {
namespace {

constexpr std::string_view hostName = "relay.test";
constexpr std::string_view noPlainPath = "501 5.1.3 Bad address syntax";
constexpr std::string_view asciiAlone = "553 5.6.7 An address beyond ASCII needs SMTPUTF8";

bool isPrintableLine(std::string_view line) {
  return std::ranges::none_of(line, [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7F; });
}

// The text after `prefix`, which is compared without case; nothing where it does not stand there.
std::optional<std::string_view> after(std::string_view text, std::string_view prefix) {
  if (foldCase(text.substr(0, prefix.size())) != foldCase(prefix)) return std::nullopt;
  return text.substr(prefix.size());
}

std::string_view nextWord(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

std::optional<std::size_t> number(std::string_view digits) {
  std::size_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [next, error] = std::from_chars(digits.data(), end, value);
  if (digits.empty() || error != std::errc{} || next != end) return std::nullopt;
  return value;
}

bool isAscii(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; });
}

// Reads the parameters of MAIL (RFC 1870, 6152, 4954, 6531). Gives the reply that refuses them, or nothing.
std::string readMailParameters(std::string_view text, const Manner& manner, const Faults& faults, Envelope& envelope) {
  std::vector<std::string> seen;
  for (std::string_view word = nextWord(text); !word.empty(); word = nextWord(text)) {
    const std::size_t equals = std::min(word.find('='), word.size());
    const std::string key = foldCase(word.substr(0, equals));
    const std::string_view value = word.substr(std::min(equals + 1, word.size()));
    if (std::ranges::find(seen, key) != seen.end()) return "501 5.5.4 A parameter stands twice";
    seen.push_back(key);
    if (key == "size" && !faults.refusesSize) {
      constexpr std::size_t mostDigits = 20;
      if (value.empty() || value.size() > mostDigits || value.find_first_not_of("0123456789") != value.npos)
        return "501 5.5.4 SIZE needs a number";
      if (number(value).value_or(largestMessage + 1) > largestMessage) return "552 5.3.4 Message too big";
    } else if (key == "body") {
      envelope.eightBit = foldCase(value) == "8bitmime";
      if (foldCase(value) != "7bit" && !envelope.eightBit) return "501 5.5.4 BODY is 7BIT or 8BITMIME";
    } else if (key == "auth") {
      if (value.empty()) return "501 5.5.4 AUTH needs a value";
      envelope.authParameter = value;
    } else if (manner.notifications && key == "ret") {
      if (foldCase(value) != "full" && foldCase(value) != "hdrs") return "501 5.5.4 RET is FULL or HDRS";
    } else if (manner.notifications && key == "envid") {
      if (value.empty()) return "501 5.5.4 ENVID needs a value";
    } else if (key == "smtputf8" && manner.smtpUtf8) {
      if (equals != word.size()) return "501 5.5.4 SMTPUTF8 takes no value";
      envelope.smtpUtf8 = true;
    } else {
      return "555 5.5.4 Unknown parameter";
    }
  }
  return {};
}

std::string dateNow() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0000", days.at(static_cast<std::size_t>(parts.tm_wday)),
                     parts.tm_mday, months.at(static_cast<std::size_t>(parts.tm_mon)), parts.tm_year + 1900,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

// Reads the parameters of RCPT (RFC 3461 4). Gives the reply that refuses them, or nothing.
std::string readRecipientParameters(std::string_view text, const Manner& manner) {
  for (std::string_view word = nextWord(text); !word.empty(); word = nextWord(text)) {
    const std::size_t equals = std::min(word.find('='), word.size());
    const std::string key = foldCase(word.substr(0, equals));
    if (!manner.notifications || (key != "notify" && key != "orcpt")) return "555 5.5.4 Unknown parameter";
    if (equals + 1 >= word.size()) return fmt::format("501 5.5.4 {} needs a value", word.substr(0, equals));
  }
  return {};
}

}  // namespace

const Dialogue::Command Dialogue::commands[] = {
    {"EHLO", &Dialogue::ehlo},         {"HELO", &Dialogue::helo}, {"MAIL", &Dialogue::mail}, {"RCPT", &Dialogue::rcpt},
    {"DATA", &Dialogue::data},         {"BDAT", &Dialogue::bdat}, {"RSET", &Dialogue::rset}, {"NOOP", &Dialogue::noop},
    {"QUIT", &Dialogue::quit},         {"VRFY", &Dialogue::vrfy}, {"EXPN", &Dialogue::expn}, {"HELP", &Dialogue::help},
    {"STARTTLS", &Dialogue::startTls},
};

Dialogue::Dialogue(const Service& service, std::optional<std::uint32_t> address)
    : service_(service), reloaded_(service.reloaded->tenancy()) {
  peer_.address = address;
  const Manner& manner = service.manner;
  turnedAway_ = manner.denialsBorne > 0 && *service.denials >= manner.denialsBorne;
  if (turnedAway_) {
    *service.denials = 0;
    reply(fmt::format("421 4.7.0 {} Too many denials, come back later", hostName));
  } else {
    reply(manner.greeting.empty() ? fmt::format("220 {} ESMTP", hostName) : std::string(manner.greeting));
  }
}

Dialogue::Event Dialogue::advance() {
  event_ = turnedAway_ ? Event::close : Event::needInput;
  if (const auto preamble = service_.conduct.faults.preamble; preamble && !begun_ && !input_.empty()) {
    begun_ = true;
    read_ = preamble(input_, peer_);
  }
  while (event_ == Event::needInput && (chunk_ ? takeChunk() : data_ ? takeData() : takeLine())) {
  }
  input_.erase(0, read_);
  read_ = 0;
  return event_;
}

bool Dialogue::takeLine() {
  const std::string_view rest = std::string_view(input_).substr(read_);
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) {
    if (overlong_ || rest.size() > longestCommandLine) {
      overlong_ = true;
      read_ = input_.size();
    }
    return false;
  }
  read_ += end + 1;
  const bool tooLong = overlong_ || end + 1 > longestCommandLine;
  overlong_ = false;
  if (refused_) {
    reply(fmt::format("421 4.7.1 {} The certificate is not trusted", hostName));
    event_ = Event::close;
  } else if (tooLong) {
    reply("500 5.5.2 Line too long");
  } else if (!rest.substr(0, end).ends_with('\r') || !isPrintableLine(rest.substr(0, end - 1))) {
    reply("500 5.5.2 A command is one line of text that ends with CRLF");
  } else {
    runLine(std::string(rest.substr(0, end - 1)));
  }
  return true;
}

void Dialogue::runLine(std::string_view line) {
  const std::size_t space = std::min(line.find(' '), line.size());
  const std::string_view verb = line.substr(0, space);
  const std::string_view argument = line.substr(std::min(space + 1, line.size()));
  const Manner& manner = service_.manner;
  const bool bound = manner.bindsChunks && transaction_ && transaction_->inChunks;
  for (const Command& command : commands) {
    const bool known = command.run != &Dialogue::bdat || manner.chunking;
    if (!known || after(verb, command.verb) != "") continue;
    const bool greets = command.run == &Dialogue::ehlo || command.run == &Dialogue::helo;
    return bound && greets ? reply("503 5.5.1 BDAT goes on, or RSET ends it") : (this->*command.run)(argument);
  }
  if (const auto extra = service_.conduct.faults.extraCommand; extra != nullptr)
    if (const auto answer = extra(line, peer_)) {
      if (!answer->empty()) reply(*answer);
      return;
    }
  reply("500 5.5.1 Command unrecognized");
}

void Dialogue::reply(std::string_view lines) {
  const bool isError = lines.starts_with('5');
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    output_.append(said(service_.manner, line)).append(service_.conduct.faults.endOfReply);
  }
  if (isError && ++errors_ == service_.manner.errorsBorne) {
    output_.append(said(service_.manner, fmt::format("421 4.7.0 {} Too many errors", hostName))).append("\r\n");
    event_ = Event::close;
  }
}

void Dialogue::refuseWith(std::string_view refusal) {
  ++*service_.denials;
  reply(refusal);
  if (service_.conduct.faults.endsSessionOnDenial) event_ = Event::close;
}

void Dialogue::greet(std::string_view name) {
  transaction_.reset();
  greeted_ = true;
  peer_.heloName = name;
  if (service_.conduct.faults.afterGreeting) service_.conduct.faults.afterGreeting(peer_);
}

void Dialogue::ehlo(std::string_view argument) {
  const std::string_view name = nextWord(argument);
  if (name.empty()) return reply("501 5.5.4 EHLO needs a name");
  greet(name);
  extended_ = true;
  reply(fmt::format("250-{}", hostName));
  const Manner& manner = service_.manner;
  if (manner.pipelining) reply("250-PIPELINING");
  if (!peer_.tls || service_.conduct.faults.offersTlsAgain) reply("250-STARTTLS");
  if (manner.enhancedCodes) reply("250-ENHANCEDSTATUSCODES");
  if (manner.eightBit) reply("250-8BITMIME");
  if (manner.chunking) reply("250-CHUNKING");
  if (manner.smtpUtf8) reply("250-SMTPUTF8");
  if (manner.notifications) reply("250-DSN");
  reply(fmt::format("250 SIZE {}", largestMessage));
}

void Dialogue::helo(std::string_view argument) {
  const std::string_view name = nextWord(argument);
  if (name.empty()) return reply("501 5.5.4 HELO needs a name");
  greet(name);
  extended_ = false;
  reply(fmt::format("250 {}", hostName));
}

bool Dialogue::refusesPath(std::string_view text) const {
  const std::string_view path = text.substr(0, text.find('>'));
  return service_.manner.plainPathsAlone &&
         (path.find_first_of("\"%!:[") != std::string_view::npos || std::ranges::count(path, '@') > 1);
}

void Dialogue::mail(std::string_view argument) {
  if (!greeted_) return reply("503 5.5.1 Send EHLO first");
  if (transaction_ && !service_.conduct.faults.secondMailSetsSender)
    return reply("503 5.5.1 A transaction is open already");
  const auto text = after(argument, "FROM:");
  if (!text) return reply("501 5.5.4 Syntax: MAIL FROM:<address>");
  if (refusesPath(*text)) return reply(noPlainPath);
  const auto parsed = parsePath(*text, PathOf::sender);
  if (const auto* bad = std::get_if<BadPath>(&parsed)) return reply(bad->reply);
  if (transaction_) {
    transaction_->envelope.sender = std::get<PathAndArguments>(parsed).path;
    return reply("503 5.5.1 A transaction is open already");
  }

  Transaction opened;
  opened.envelope.sender = std::get<PathAndArguments>(parsed).path;
  const std::string refusal = readMailParameters(std::get<PathAndArguments>(parsed).arguments, service_.manner,
                                                 service_.conduct.faults, opened.envelope);
  if (!refusal.empty()) return reply(refusal);
  if (!opened.envelope.smtpUtf8 && !isAscii(opened.envelope.sender.text)) return reply(asciiAlone);
  ++transactions_;
  if (deniesAtMail(opened.envelope)) return;
  opened.recipients = std::move(kept_);
  kept_.clear();
  transaction_ = std::move(opened);
  reply("250 2.1.0 Ok");
}

// Denial at MAIL is right only where no recipient could be local.
bool Dialogue::deniesAtMail(const Envelope& envelope) {
  const bool anyLocal =
      std::ranges::any_of(tenancy().tenants, [](const Tenant& tenant) { return !tenant.acceptedDomains.empty(); });
  if (denyStage() != DenyStage::mail || anyLocal) return false;
  const Path somewhere{"somebody", {}, {}};
  const Decision decision = ask(envelope, somewhere);
  if (decision.verdict != Verdict::deny) return false;
  refuseWith(decision.refusal);
  return true;
}

bool Dialogue::weighsHeader() const {
  return service_.conduct.behaviour.senderIdentity == SenderIdentity::envelopeOrHeader;
}

// Who looks at the header can deny no sooner than it is there.
DenyStage Dialogue::denyStage() const { return weighsHeader() ? DenyStage::endOfData : service_.conduct.denyStage; }

void Dialogue::weighHeader(std::string_view message) {
  transaction_->envelope.headerDomain = headerFromDomain(message);
  transaction_->refusal.clear();
  for (Recipient& recipient : transaction_->recipients) {
    recipient.decision = ask(transaction_->envelope, recipient.path);
    if (recipient.decision.verdict == Verdict::deny && transaction_->refusal.empty())
      transaction_->refusal = recipient.decision.refusal;
  }
}

Decision Dialogue::ask(const Envelope& envelope, const Path& recipient) {
  Decision decision =
      service_.conduct.faults.decide({tenancy(), service_.conduct, peer_, envelope, recipient, past_, transactions_});
  const bool ours = decision.refusal == relayDenied || decision.refusal == partnerDenied;
  if (ours && service_.conduct.denyReply == DenyReply::policy5xx) decision.refusal = deniedByPolicy;
  if (ours && !service_.manner.denial.empty()) decision.refusal = denialOf(recipient);
  past_.push_back({transactions_, false, decision});
  return decision;
}

void Dialogue::rcpt(std::string_view argument) {
  if (const auto survives = service_.conduct.faults.survives; survives && !survives(peer_.identity)) {
    event_ = Event::close;
    return;
  }
  if (!transaction_ || transaction_->inChunks) return reply("503 5.5.1 Send MAIL first");
  const auto text = after(argument, "TO:");
  if (!text) return reply("501 5.5.4 Syntax: RCPT TO:<address>");
  if (refusesPath(*text)) return reply(noPlainPath);
  auto parsed = parsePath(*text, PathOf::recipient);
  if (const auto* bad = std::get_if<BadPath>(&parsed)) return reply(bad->reply);
  auto& [path, arguments] = std::get<PathAndArguments>(parsed);
  if (!transaction_->envelope.smtpUtf8 && !isAscii(path.text)) return reply(asciiAlone);
  const std::string refusal = readRecipientParameters(arguments, service_.manner);
  if (!refusal.empty()) return reply(refusal);
  transaction_->envelope.recipientParameters = arguments;
  if (transaction_->recipients.size() >= service_.conduct.faults.mostRecipients)
    return reply("452 4.5.3 Too many recipients");

  if (!service_.manner.postmaster && isBarePostmaster(path)) return reply("550 5.1.1 No such mailbox");
  Decision decision = ask(transaction_->envelope, path);
  if (decision.verdict == Verdict::deny) {
    const DenyStage stage = denyStage();
    if (stage == DenyStage::mail || stage == DenyStage::rcpt) {
      transaction_->anyRefused = true;
      return refuseWith(decision.refusal);
    }
    if (transaction_->refusal.empty()) transaction_->refusal = decision.refusal;
  }
  transaction_->recipients.push_back({std::move(path), std::move(decision)});
  if (service_.conduct.faults.recipientsByName) service_.common->put(peer_.heloName, transaction_->recipients);
  reply("250 2.1.5 Ok");
}

void Dialogue::data(std::string_view argument) {
  if (!argument.empty()) return reply("501 5.5.4 DATA takes no argument");
  if (!transaction_ || transaction_->inChunks) return reply("503 5.5.1 Send MAIL and RCPT first");
  if (transaction_->recipients.empty())
    return reply(transaction_->anyRefused ? "554 5.5.1 No valid recipients" : "503 5.5.1 Send RCPT first");
  if (denyStage() == DenyStage::data && !transaction_->refusal.empty()) {
    refuseWith(transaction_->refusal);
    transaction_.reset();
    return;
  }
  const Faults& faults = service_.conduct.faults;
  data_.emplace(faults.otherEnds, faults.lineBuffer, faults.endWithinASegment);
  reply("354 End data with <CR><LF>.<CR><LF>");
}

bool Dialogue::takeData() {
  const std::string_view rest = std::string_view(input_).substr(read_);
  if (rest.empty()) return false;
  read_ += data_->feed(rest);
  if (!data_->isComplete()) return false;
  const DataReader complete = std::move(*data_);
  data_.reset();
  if (service_.conduct.faults.dropsWhatFollows) read_ = input_.size();
  finish(complete.message(), false, complete.isTooLarge());
  return true;
}

void Dialogue::bdat(std::string_view argument) {
  const auto size = number(nextWord(argument));
  const std::string_view mark = nextWord(argument);
  const bool last = service_.conduct.faults.lastInCapitals ? mark == "LAST" : after(mark, "LAST") == "";
  if (!size || (!mark.empty() && !last) || !nextWord(argument).empty())
    return reply("501 5.5.4 Syntax: BDAT size [LAST]");
  if (*size == 0 && service_.conduct.faults.refusesEmptyChunk) return reply("554 Transaction failed");
  Chunk chunk{*size, *size, last, {}};
  if (!transaction_ || transaction_->recipients.empty()) {
    chunk.failure = transaction_ && transaction_->anyRefused ? "554 5.5.1 No valid recipients"
                                                             : "503 5.5.1 Send MAIL and RCPT first";
  } else if (denyStage() == DenyStage::data && !transaction_->refusal.empty()) {
    chunk.failure = transaction_->refusal;
  } else if (*size > largestMessage - transaction_->chunks.size()) {
    chunk.failure = "552 5.3.4 Message too big";
  }
  if (!chunk.failure.empty() && service_.conduct.faults.readsRefusedChunk) return refuseWith(chunk.failure);
  if (transaction_) transaction_->inChunks = chunk.failure.empty();
  chunk_ = std::move(chunk);
}

bool Dialogue::takeChunk() {
  const std::size_t taken = std::min(chunk_->left, input_.size() - read_);
  if (chunk_->failure.empty()) transaction_->chunks.append(input_, read_, taken);
  read_ += taken;
  chunk_->left -= taken;
  if (chunk_->left > 0) return false;

  const Faults& faults = service_.conduct.faults;
  const Chunk chunk = std::move(*chunk_);
  chunk_.reset();
  if (!chunk.failure.empty()) {
    transaction_.reset();
    refuseWith(chunk.failure);
  } else if (faults.checksEachChunk &&
             !faults.isClean(std::string_view(transaction_->chunks).substr(transaction_->chunks.size() - chunk.size),
                             true)) {
    transaction_.reset();
    reply("554 Transaction failed");
  } else if (chunk.last) {
    if (faults.dropsWhatFollows) read_ = input_.size();
    finish(std::move(transaction_->chunks), true, false);
  } else {
    reply(fmt::format("250 2.0.0 {} octets received", chunk.size));
  }
  return true;
}

void Dialogue::finish(std::string message, bool inChunks, bool tooLarge) {
  const Faults& faults = service_.conduct.faults;
  if (faults.recipientsByName) transaction_->recipients = service_.common->of(peer_.heloName);
  replyAfterHandover_ = "250 2.0.0 Ok, passed on";
  if (weighsHeader() && !tooLarge) weighHeader(message);
  if (tooLarge) {
    reply("552 5.3.4 Message too big");
  } else if (!faults.isClean(message, inChunks)) {
    reply("550 5.6.0 A message holds no bare CR, bare LF or NUL");
  } else if (inChunks && faults.chunksSkipVerdict) {
    pack(faults.changes(std::move(message), inChunks));
    event_ = Event::passOn;
  } else if (!transaction_->refusal.empty() && !faults.passesOnDenied) {
    refuseWith(transaction_->refusal);
  } else {
    if (!transaction_->refusal.empty()) replyAfterHandover_ = transaction_->refusal;
    pack(faults.changes(std::move(message), inChunks));
    event_ = Event::passOn;
  }
  transaction_.reset();
}

// One parcel for each server and tenant.
void Dialogue::pack(const std::string& message) {
  const Faults& faults = service_.conduct.faults;
  const Envelope& envelope = transaction_->envelope;
  const auto& to = transaction_->recipients;
  const bool tenantless = std::ranges::all_of(to, [](const auto& one) { return one.decision.tenant.empty(); });
  const MessageFacts facts{transaction_->inChunks, envelope.smtpUtf8, envelope.eightBit, peer_.tls, to.size(),
                           transactions_,          message.size(),    tenantless};
  const bool clientMarks = faults.keepsClientMarks(facts) && hasHeader(message, service_.tenantHeader);
  std::string content = clientMarks ? message : withoutHeader(message, service_.tenantHeader);
  if (service_.manner.foldsFields) content = folded(content);
  std::vector<std::string> tenants;
  parcels_.clear();
  for (const auto& [path, decision] : transaction_->recipients) {
    const bool denied = decision.passTo.empty() && (faults.passesOnDenied || faults.chunksSkipVerdict);
    const std::string& address = denied ? path.text : decision.passTo;
    if (address.empty()) continue;
    const bool local = decision.verdict == Verdict::deliver;
    std::size_t i = 0;
    while (i < parcels_.size() && (parcels_[i].local != local || tenants[i] != decision.tenant)) ++i;
    if (i == parcels_.size()) {
      parcels_.push_back({local,
                          senderPassedOn(local),
                          {},
                          marks(decision.tenant, !clientMarks && !faults.leavesUnmarked(facts)) + content,
                          envelope.smtpUtf8});
      tenants.push_back(decision.tenant);
    }
    auto& recipients = parcels_[i].recipients;
    if (std::ranges::find(recipients, address) == recipients.end()) recipients.push_back(address);
  }
  const std::vector<Parcel> once = parcels_;
  parcels_.clear();
  for (unsigned copy = 0; copy < faults.copies; ++copy) parcels_.insert(parcels_.end(), once.begin(), once.end());
}

std::string Dialogue::marks(const std::string& tenant, bool ownTenantHeader) const {
  const bool isName = isDomainName(peer_.heloName, NameSyntax::lenient);
  std::string address = "unknown";
  if (peer_.address)
    address = fmt::format("{}.{}.{}.{}", *peer_.address >> 24, *peer_.address >> 16 & 255, *peer_.address >> 8 & 255,
                          *peer_.address & 255);
  std::string lines =
      fmt::format("Received: from {} ([{}]) by {} with {}{}; {}\r\n", isName ? peer_.heloName : "unknown", address,
                  hostName, extended_ ? "ESMTP" : "SMTP", peer_.tls ? "S" : "", dateNow());
  if (ownTenantHeader && !tenant.empty()) lines += fmt::format("{}: {}\r\n", service_.tenantHeader, tenant);
  return lines.append(service_.manner.fields);
}

std::string Dialogue::denialOf(const Path& recipient) const {
  std::string text(service_.manner.denial);
  constexpr std::string_view place = "{path}";
  if (const std::size_t at = text.find(place); at != std::string::npos) text.replace(at, place.size(), recipient.text);
  return text;
}

std::string Dialogue::senderPassedOn(bool local) const {
  const std::string& sender = transaction_->envelope.sender.text;
  if (local || sender.empty() || !service_.manner.rewritesSender) return sender;
  return fmt::format("bounce+{}@{}", std::hash<std::string>()(sender), hostName);
}

bool Dialogue::passesOnCut() {
  if (!service_.conduct.faults.passesOnCut || !transaction_ || transaction_->recipients.empty()) return false;
  if (!data_ && !transaction_->inChunks) return false;
  if (data_) data_->feed("\r\n.\r\n");
  pack(data_ ? data_->message() : transaction_->chunks);
  return true;
}

void Dialogue::handedOver(HandedOver result) {
  parcels_.clear();
  switch (result) {
    case HandedOver::yes:
      return reply(replyAfterHandover_);
    case HandedOver::notNow:
      return reply("451 4.4.1 The next server did not take the message");
    case HandedOver::never:
      return reply("554 5.5.0 The next server refused the message");
  }
}

void Dialogue::rset(std::string_view argument) {
  if (!argument.empty()) return reply("501 5.5.4 RSET takes no argument");
  if (service_.conduct.faults.resetKeepsRecipients && transaction_) kept_ = std::move(transaction_->recipients);
  transaction_.reset();
  for (Past& past : past_)
    if (past.transaction == transactions_) past.wasReset = true;
  reply("250 2.0.0 Ok");
}

void Dialogue::noop(std::string_view) { reply("250 2.0.0 Ok"); }

void Dialogue::quit(std::string_view argument) {
  if (!argument.empty()) return reply("501 5.5.4 QUIT takes no argument");
  reply(fmt::format("221 2.0.0 {} closing", hostName));
  event_ = Event::close;
}

void Dialogue::vrfy(std::string_view) { reply("252 2.5.2 Send mail and see"); }

void Dialogue::expn(std::string_view) { reply("502 5.5.1 Not implemented"); }

void Dialogue::help(std::string_view) { reply("214 2.0.0 See RFC 5321"); }

void Dialogue::startTls(std::string_view argument) {
  if (!argument.empty()) return reply("501 5.5.4 STARTTLS takes no argument");
  const Manner& manner = service_.manner;
  if (peer_.tls && !manner.handshakesAgain) return reply("503 5.5.1 TLS is active already");
  reply("220 2.0.0 Ready to start TLS");
  const bool injected = read_ < input_.size();
  event_ = peer_.tls || (injected && manner.hangsUpOnInjection) ? Event::close : Event::startTls;
}

void Dialogue::secured(Identity identity, std::string serverName) {
  const Faults& faults = service_.conduct.faults;
  peer_.tls = true;
  peer_.identity = std::move(identity);
  peer_.serverName = std::move(serverName);
  if (!faults.keepsClearText) {
    input_.clear();
    read_ = 0;
  }
  if (faults.keepsState) return;
  peer_.heloName.clear();
  greeted_ = false;
  extended_ = false;
  transaction_.reset();
  past_.clear();
}

}  // namespace relayproof::reference
