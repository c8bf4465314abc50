#include "conformance/catalogue/dialogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "conformance/catalogue/catalogue.h"

namespace relayproof::catalogue {
namespace {

constexpr std::string_view kToken = "{token}";
constexpr int kLongestWait = 60'000;

// Collects steps and remembers what a plain dialogue would still have to do.
class Script {
 public:
  Script(const Case& one, const std::string& ehloName, bool beside = false)
      : one_(one),
        beside_(beside),
        tls_(beside ? one.beside->tls : one.tls),
        ehloName_(ehloName),
        sent_(one.transactions.size()) {}

  void connect(std::string first = {}) {
    add(wire::step::Connect{std::move(first)});
    began_ = true;
  }

  void ehlo() {
    add(wire::step::Ehlo{ehloName_});
    greeted_ = true;
    open_.reset();
  }

  void startTls() {
    add(wire::step::StartTls{});
    enterTls();
  }

  void handshake() {
    add(wire::step::Handshake{});
    enterTls();
  }

  void mail(std::size_t transaction) {
    add(wire::step::Mail{transaction});
    open_ = transaction;
  }

  void content(std::size_t transaction, wire::step::Part part = wire::step::Part::whole) {
    add(wire::step::Content{transaction, part});
    open_.reset();
    sent_[transaction] = true;
  }

  void renegotiate() {
    add(wire::step::Renegotiate{});
    renegotiated_ = true;
  }

  void rset() {
    add(wire::step::Rset{});
    open_.reset();
  }

  void quit() {
    add(wire::step::Quit{});
    quitSaid_ = true;
  }

  void plainDialogue() {
    if (!greeted_) ehlo();
    if (!underTls_ && tls_ != "none") {
      startTls();
      ehlo();
    }
    if (!beside_ && one_.earlier && one_.earlier->by == "renegotiation" && !renegotiated_) renegotiate();
    if (open_) content(*open_);
    for (std::size_t i = 0; i < sent_.size(); ++i) {
      if (sent_[i] || !sends(i)) continue;
      mail(i);
      content(i);
    }
    if (!quitSaid_) quit();
  }

  void add(wire::Step step) { steps_.push_back(std::move(step)); }
  std::vector<wire::Step> take() { return std::exchange(steps_, {}); }
  bool began() const { return began_; }
  bool sends(std::size_t transaction) const {
    return !one_.transactions[transaction].smuggled && one_.transactions[transaction].beside == beside_;
  }

 private:
  // RFC 3207 4.2: what was said before the handshake is forgotten.
  void enterTls() {
    underTls_ = true;
    greeted_ = false;
    open_.reset();
  }

  const Case& one_;
  const bool beside_;
  const std::string tls_;
  const std::string& ehloName_;
  std::vector<wire::Step> steps_;
  std::vector<bool> sent_;
  std::optional<std::size_t> open_;  // MAIL said, content not yet sent
  bool began_ = false;
  bool underTls_ = false;
  bool greeted_ = false;
  bool quitSaid_ = false;
  bool renegotiated_ = false;
};

// "mail:2" is the second transaction; without a number it is the first.
std::size_t transactionOf(const Node& step, std::string_view number, const Case& one, const Script& script) {
  std::size_t n = 1;
  if (!number.empty()) {
    number.remove_prefix(1);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), n);
    if (error != std::errc() || end != number.data() + number.size()) n = 0;
  }
  if (n < 1 || n > one.transactions.size())
    step.fail("names a transaction that is not there", fmt::format("the case has {}", one.transactions.size()));
  if (one.transactions[n - 1].smuggled)
    step.fail("plays a smuggled transaction", "smuggled transactions are seen in the sinks alone");
  if (!script.sends(n - 1))
    step.fail("plays a transaction of the other session", "those with \"beside\" are sent by steps that begin so");
  return n - 1;
}

constexpr std::string_view kBeside = "beside ";

void readWord(const Node& step, const std::string& word, const Case& one, Script& script) {
  const auto colon = std::min(word.find(':'), word.size());
  const std::string_view verb = std::string_view(word).substr(0, colon);
  const std::string_view number = std::string_view(word).substr(colon);
  if (verb == "mail") return script.mail(transactionOf(step, number, one, script));
  using wire::step::Part;
  for (const auto& [name, part] : {std::pair("content", Part::whole), std::pair("begin-content", Part::beginning),
                                   std::pair("end-content", Part::rest)})
    if (verb == name) return script.content(transactionOf(step, number, one, script), part);
  using Act = void (*)(Script&);
  const Json said = word;
  const Act act = Node(said, step.place(), step.key())
                      .choice<Act>({{"connect", [](Script& s) { s.connect(); }},
                                    {"ehlo", [](Script& s) { s.ehlo(); }},
                                    {"starttls", [](Script& s) { s.startTls(); }},
                                    {"tls", [](Script& s) { s.handshake(); }},
                                    {"renegotiate", [](Script& s) { s.renegotiate(); }},
                                    {"rset", [](Script& s) { s.rset(); }},
                                    {"quit", [](Script& s) { s.quit(); }},
                                    {"half-close", [](Script& s) { s.add(wire::step::HalfClose{}); }},
                                    {"drop", [](Script& s) { s.add(wire::step::Drop{}); }},
                                    {"plain dialogue", [](Script& s) { s.plainDialogue(); }}});
  act(script);
}

std::string readReplyClass(const Node& node) {
  const std::string text = node.json().is_number() ? std::to_string(node.integer(200, 599)) : node.string();
  const auto digitOr = [](char c, char letter) { return (c >= '0' && c <= '9') || c == letter; };
  if (text.size() != 3 || text[0] < '2' || text[0] > '5' || !digitOr(text[1], 'y') || !digitOr(text[2], 'z'))
    node.fail(fmt::format("\"{}\" is no class of reply", text), "write a code, or a class such as \"2yz\" or \"55z\"");
  return text;
}

void readConnect(const Node& step, Script& script) {
  step.allowOnly({"connect"});
  std::string first;
  for (const Node& part : step.at("connect").array()) first += octets(part);
  script.connect(std::move(first));
}

void readSend(const Node& step, const std::string& ehloName, const std::string& token, Script& script) {
  step.allowOnly({"send", "segment"});
  const auto segment = step.find("segment");
  const bool each = segment && segment->choice<bool>({{"same", false}, {"each", true}});
  std::string together;
  for (const Node& part : step.at("send").array()) {
    std::string piece = filled(filled(octets(part), kToken, token), "{ehlo}", ehloName);
    if (each)
      script.add(wire::step::Send{std::move(piece)});
    else
      together += piece;
  }
  if (!each) script.add(wire::step::Send{std::move(together)});
}

void readExpect(const Node& step, Script& script) {
  step.allowOnly({"expect", "check"});
  const Node expect = step.at("expect");
  wire::ReplyClass wanted;
  if (expect.json().is_array())
    for (const Node& entry : expect.array()) wanted.push_back(readReplyClass(entry));
  else
    wanted.push_back(readReplyClass(expect));
  if (wanted.empty()) expect.fail("holds no class of reply", "name at least one");
  script.add(wire::step::Expect{std::move(wanted), step.stringOr("check", {})});
}

void readNoReply(const Node& step, Script& script) {
  step.allowOnly({"no-reply", "for"});
  script.add(
      wire::step::NoReply{step.at("no-reply").string(), static_cast<int>(step.at("for").integer(1, kLongestWait))});
}

void readWithholds(const Node& step, Script& script) {
  step.allowOnly({"withholds", "check"});
  script.add(wire::step::Withholds{step.at("withholds").string(), step.at("check").string()});
}

void readRequires(const Node& step, Script& script) {
  step.allowOnly({"requires"});
  script.add(wire::step::Requires{step.at("requires").string()});
}

void readEndsInCrlf(const Node& step, Script& script) {
  step.allowOnly({"ends-in-crlf"});
  script.add(wire::step::EndsInCrlf{step.at("ends-in-crlf").string()});
}

void readPause(const Node& step, Script& script) {
  step.allowOnly({"pause", "hear"});
  script.add(
      wire::step::Pause{static_cast<int>(step.at("pause").integer(1, kLongestWait)), step.booleanOr("hear", false)});
}

}  // namespace

std::string filled(std::string text, std::string_view placeholder, std::string_view value) {
  for (std::size_t at = 0; (at = text.find(placeholder, at)) != std::string::npos; at += value.size())
    text.replace(at, placeholder.size(), value);
  return text;
}

bool isPostmaster(std::string_view label) {
  constexpr std::string_view kPostmaster = "postmaster";
  return std::equal(label.begin(), label.end(), kPostmaster.begin(), kPostmaster.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

std::vector<std::vector<wire::Step>> bySession(const std::vector<wire::Step>& steps) {
  std::vector<std::vector<wire::Step>> sessions(1);
  for (const wire::Step& step : steps) {
    const auto* beside = std::get_if<wire::step::Beside>(&step);
    if (!beside) {
      sessions.front().push_back(step);
      continue;
    }
    sessions.resize(2);
    sessions.back().insert(sessions.back().end(), beside->steps.begin(), beside->steps.end());
  }
  return sessions;
}

std::string octets(const Node& node) {
  // The reader lets only valid UTF-8 through, so U+0080 to U+00FF are the two-octet forms led by C2 and C3.
  const std::string text = node.string();
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead > 0xC3) node.fail("holds a character beyond U+00FF", "write octets, one as \\u00XX each");
    if (lead < 0x80)
      result += text[i];
    else
      result += static_cast<char>(((lead & 0x03) << 6) | (text[++i] & 0x3F));
  }
  return result;
}

namespace {

bool beginsLate(const std::vector<wire::Step>& steps) {
  const auto begins = [](const wire::Step& step) { return std::holds_alternative<wire::step::StartTls>(step); };
  const auto itself = [](const wire::Step& step) {
    const auto* send = std::get_if<wire::step::Send>(&step);
    const auto* connect = std::get_if<wire::step::Connect>(&step);
    return std::holds_alternative<wire::step::Handshake>(step) || (connect && !connect->first.empty()) ||
           (send && send->octets.find("STARTTLS") != std::string::npos);
  };
  const auto first = std::find_if(steps.begin(), steps.end(), begins);
  constexpr std::ptrdiff_t kConnectAndEhlo = 2;  // which every session has before it
  return first - steps.begin() != kConnectAndEhlo || std::any_of(steps.begin(), steps.end(), itself);
}

}  // namespace

bool needsStartTls(const Case& one) {
  const auto sessions = bySession(readSteps(one, "client.example", "token"));
  return one.tls == "none" || std::any_of(sessions.begin(), sessions.end(), beginsLate);
}

namespace {

/// Behind a message that was not sent, its transaction is still open.
bool namesRecipientBehindMessage(const std::vector<wire::Step>& steps) {
  bool behind = false;
  for (const wire::Step& step : steps) {
    const auto* send = std::get_if<wire::step::Send>(&step);
    if (behind && send && send->octets.find("RCPT TO:") != std::string::npos) return true;
    if (std::holds_alternative<wire::step::Content>(step)) behind = true;
    if (std::holds_alternative<wire::step::Rset>(step) || std::holds_alternative<wire::step::Mail>(step) ||
        (send && send->octets.find("MAIL FROM:") != std::string::npos))
      behind = false;
  }
  return false;
}

}  // namespace

bool sendsContent(const Case& one) {
  const auto content = [](const wire::Step& step) {
    const auto* send = std::get_if<wire::step::Send>(&step);
    return send &&
           (send->octets.find("DATA\r\n") != std::string::npos || send->octets.find("BDAT ") != std::string::npos);
  };
  const auto steps = readSteps(one, "client.example", "token");
  return std::any_of(steps.begin(), steps.end(), content) || namesRecipientBehindMessage(steps) ||
         std::any_of(one.transactions.begin(), one.transactions.end(),
                     [](const TransactionPlan& transaction) { return transaction.smuggled; });
}

std::vector<wire::Step> readSteps(const Case& one, const std::string& ehloName, const std::string& token) {
  Script script(one, ehloName);
  std::optional<Script> other;
  if (one.beside) other.emplace(one, ehloName, true);
  const auto connects = [](const Json& step) { return step == "connect" || step.contains("connect"); };
  const bool connectsItself = !one.steps.empty() && connects(one.steps.front());
  if (!connectsItself) {
    script.connect();
    script.ehlo();
  }
  if (one.steps.empty()) script.plainDialogue();
  for (std::size_t i = 0; i < one.steps.size(); ++i) {
    const Node step(one.steps[i], one.place(), fmt::format("{}.steps[{}]", one.key(), i));
    if (i > 0 && connects(step.json())) step.fail("a session connects once", "\"connect\" can only come first");
    if (step.json() == "drop" && i + 1 < one.steps.size())
      step.fail("nothing can be played after it", "\"drop\" can only come last");
    if (step.json().is_string() && step.string().starts_with(kBeside)) {
      if (!other) step.fail("is of no session", "write \"beside\" with its certificate in the case");
      const std::string word = step.string().substr(kBeside.size());
      if (!other->began() && word != "connect") {
        other->connect();
        other->ehlo();
      }
      readWord(step, word, one, *other);
      script.add(wire::step::Beside{other->take()});
    } else if (step.json().is_string())
      readWord(step, step.string(), one, script);
    else if (step.has("connect"))
      readConnect(step, script);
    else if (step.has("send"))
      readSend(step, ehloName, token, script);
    else if (step.has("expect"))
      readExpect(step, script);
    else if (step.has("no-reply"))
      readNoReply(step, script);
    else if (step.has("withholds"))
      readWithholds(step, script);
    else if (step.has("requires"))
      readRequires(step, script);
    else if (step.has("ends-in-crlf"))
      readEndsInCrlf(step, script);
    else if (step.has("pause"))
      readPause(step, script);
    else
      step.fail("is no step",
                "a step is a word, or an object with connect, send, expect, no-reply, withholds, requires, "
                "ends-in-crlf or pause");
  }
  return script.take();
}

std::string address(const Catalogue& catalogue, const Bindings& bindings, const std::string& label, bool asSender,
                    const std::string& token) {
  // "external+2": another one of the same.
  if (const std::size_t plus = label.rfind('+'); plus != std::string::npos && label.find('@') == std::string::npos)
    return address(catalogue, bindings, label.substr(0, plus), asSender, token + "." + label.substr(plus + 1));
  const auto& bound = asSender ? bindings.senders : bindings.recipients;
  if (const auto found = bound.find(label); found != bound.end()) return filled(found->second, kToken, token);
  if (label == kNull) return {};
  if (label == kForeign) return filled(std::string(kUsualForeign), kToken, token);
  if (label == kExternal) return filled(std::string(kUsualExternal), kToken, token);
  if (label.starts_with(kLocal)) {
    const Json& tenant = *catalogue.tenant(std::string_view(label).substr(kLocal.size()));
    return token + "@" + tenant.at("acceptedDomains").at(0).at("name").get<std::string>();
  }
  return filled(label, kToken, token);
}

std::string clientAddress(const Catalogue& catalogue, const Bindings& bindings, const std::string& name) {
  const auto bound = bindings.addresses.find(name);
  return bound != bindings.addresses.end() ? bound->second : catalogue.addresses.at(name);
}

std::vector<wire::Step> stepsOf(const Case& one, const Catalogue&, const Bindings& bindings, const std::string& token) {
  return readSteps(one, filled(one.ehlo.empty() ? bindings.ehlo : one.ehlo, kToken, token), token);
}

std::vector<wire::Transaction> transactionsOf(const Case& one, const Catalogue& catalogue, const Bindings& bindings,
                                              const std::string& token) {
  std::vector<wire::Transaction> transactions;
  for (const TransactionPlan& plan : one.transactions) {
    wire::Transaction transaction;
    transaction.mailFrom = address(catalogue, bindings, plan.sender, true, token);
    transaction.mailParameters = filled(plan.mailParameters, kToken, token);
    transaction.recipientParameters = filled(plan.recipientParameters, kToken, token);
    for (const std::string& recipient : plan.recipients)
      transaction.recipients.push_back(address(catalogue, bindings, recipient, false, token));
    std::string& message = transaction.message;
    std::string extra;
    for (const std::string& header : plan.extraHeaders) extra += filled(header, kToken, token) + "\r\n";
    if (!plan.headersLast) message += extra;
    message += fmt::format("From: <{}>\r\nTo: undisclosed-recipients:;\r\nSubject: relayproof {}\r\n",
                           address(catalogue, bindings, plan.header, true, token), one.id);
    if (!bindings.date.empty()) message += fmt::format("Date: {}\r\n", bindings.date);
    message += fmt::format("Message-ID: <{}.{}@client.example>\r\nX-Relayproof-Token: {}\r\n", token,
                           transactions.size() + 1, token);
    if (plan.headersLast) message += extra;
    // No two messages of a session are alike, or one could stand for the other.
    const std::string number = transactions.empty() ? "" : fmt::format("message {}\r\n", transactions.size() + 1);
    if (!plan.bodyless)
      message += "\r\n" + (plan.body.empty() ? fmt::format("{}\r\n{}\r\n{}", one.id, token, number)
                                             : filled(plan.body, kToken, token));
    if (plan.empty) message.clear();
    if (plan.sameAgain) message = transactions.front().message;
    transaction.lowerCase = plan.lowerCase;
    transaction.extended = plan.extended;
    transaction.smtpUtf8IfOffered = plan.smtpUtf8IfOffered;
    transaction.bdatIfOffered = plan.bdatIfOffered;
    transaction.bdat = plan.bdat;
    transaction.chunks = plan.chunks;
    transaction.data = plan.data;
    transactions.push_back(std::move(transaction));
  }
  return transactions;
}

}  // namespace relayproof::catalogue
