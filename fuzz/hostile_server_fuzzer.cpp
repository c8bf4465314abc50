// Our whole client (dialogue, connection, TLS) against a server that does what its script says (hostile_script.h), over
// a pair of sockets and in time that passes only where nobody has anything to do. The session ends in bounded steps and
// says why; nothing but a whole 5yz reply, said over TLS, is taken for a denial; and no octet from before TLS is a
// reply.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdio>
#include <cstdlib>

#include "certs/document.h"
#include "conformance/result/observe.h"
#include "conformance/session/dialogue.h"
#include "conformance/session/scripted_server.h"
#include "conformance/wire/escape.h"
#include "fuzz/entry.h"
#include "fuzz/hostile_server.h"

namespace {
std::chrono::nanoseconds passed = std::chrono::hours(1);
}

// The clock of Asio's timers, and with it of our client, in this program.
std::chrono::steady_clock::time_point std::chrono::steady_clock::now() noexcept { return time_point(passed); }

namespace {

using namespace relayproof;
using namespace relayproof::fuzz;
namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr int kWait = 1;                              // seconds, each wait of our client
constexpr int kLongest = 6 * kWait + 1;               // seconds, a session: dialogue.h bounds it to six waits
constexpr milliseconds kAct(5), kBetweenOctets(250);  // what a server's acts take
constexpr std::size_t kMostSteps = 20'000;
constexpr std::size_t kMostKept = 400'000, kMostShown = 1000;  // octets, of a session and of a line

session::Target target(bool implicitTls) {
  session::Target target;
  target.timeoutSeconds = kWait;
  target.implicitTls = implicitTls;
  return target;
}

session::Job jobOf(const HostileScript& script) {
  static const auto identity = std::make_shared<const session::Identity>(session::scripted::selfSigned("client.test"));
  session::Job job;
  job.source = "192.0.2.1";
  job.steps = wire::plainDialogue("client.test", true, 1);
  job.transactions = {{"a@b.test", "", {"c@d.test"}, "Subject: x\r\n\r\n.dot\r\n", false}};
  if ((script.job & HostileScript::kCertificate) != 0) job.identity = identity;
  if ((script.job & HostileScript::kTwoRecipients) != 0) job.transactions[0].recipients.emplace_back("e@f.test");
  job.transactions[0].bdat = (script.job & HostileScript::kBdat) != 0;
  return job;
}

/// A session, and what its server saw of it.
struct Played {
  session::Record record;
  std::string saidOverTls;
  bool closed = false;
  std::string fault;
};

Played played(const HostileScript& script) {
  static const session::Target plain = target(false), implicit = target(true);
  static session::Contexts contexts(plain);
  static const session::Identity own = session::scripted::selfSigned("relay.test");
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
  HostileServer server(ends[0], script, own);
  asio::io_context io(1);
  asio::ip::tcp::socket socket(io);
  socket.assign(asio::ip::tcp::v4(), ends[1]);
  const session::Job job = jobOf(script);
  const session::Target& where = (script.job & HostileScript::kImplicitTls) != 0 ? implicit : plain;

  Played played;
  bool ended = false;
  asio::co_spawn(io, session::playDialogue(where, std::move(socket), job, contexts),
                 [&](std::exception_ptr fault, session::Record record) {
                   if (fault) std::rethrow_exception(fault);
                   played.record = std::move(record);
                   ended = true;
                 });
  for (std::size_t steps = 0; !ended && played.fault.empty(); ++steps) {
    if (io.poll() > 0) continue;
    passed += server.act() ? server.slow() ? milliseconds(kBetweenOctets) : kAct : milliseconds(1000 * kWait);
    // Asio looks at its timers when one is set that is due.
    asio::steady_timer(io, std::chrono::steady_clock::time_point::min()).async_wait([](boost::system::error_code) {});
    if (steps > kMostSteps) played.fault = "our client does not come to an end";
  }
  played.saidOverTls = server.saidOverTls();
  played.closed = server.closed();
  return played;
}

/// The replies in what a server said, read plainly, as far as they are whole.
std::vector<wire::Reply> repliesIn(std::string_view said) {
  std::vector<wire::Reply> replies;
  wire::Reply reply;
  for (std::size_t end = 0; (end = said.find('\n')) != std::string_view::npos; said.remove_prefix(end + 1)) {
    std::string_view line = said.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, digit)) break;
    reply.code = std::atoi(std::string(line.substr(0, 3)).c_str());
    reply.lines.emplace_back(line.substr(std::min<std::size_t>(4, line.size())));
    if (line.size() == 3 || line[3] != '-') replies.push_back(std::exchange(reply, {}));
  }
  return replies;
}

/// Replies as the transcript has them, line by line.
std::vector<std::string> linesOf(const std::vector<wire::Reply>& replies) {
  std::vector<std::string> lines;
  for (const wire::Reply& reply : replies)
    for (std::size_t at = 0; at < reply.lines.size(); ++at)
      lines.push_back(wire::excerpt(
          std::to_string(reply.code) + (at + 1 < reply.lines.size() ? "-" : " ") + reply.lines[at], kMostShown));
  return lines;
}

/// The lines of replies that our client heard once TLS was in use.
std::vector<std::string> heardOverTls(const std::vector<session::Event>& transcript) {
  std::vector<std::string> lines;
  bool secured = false;
  for (const session::Event& event : transcript) {
    secured = secured || event.from == "tls";
    if (secured && event.from == "relay" && std::isdigit(static_cast<unsigned char>(event.text[0])) != 0)
      lines.push_back(event.text);
  }
  return lines;
}

/// The replies that our client took for answers to its commands over TLS, in order.
std::vector<wire::Reply> taken(const session::TransactionRecord& transaction) {
  std::vector<wire::Reply> all;
  const auto add = [&](const std::optional<wire::Reply>& reply) {
    if (reply) all.push_back(*reply);
  };
  add(transaction.mail);
  for (const auto& reply : transaction.rcpt) add(reply);
  add(transaction.data);
  add(transaction.endOfData);
  return all;
}

/// The first of `these` that does not stand among `all`, in their order; null where there is none.
const std::string* missing(const std::vector<std::string>& these, const std::vector<std::string>& all) {
  auto at = all.begin();
  for (const std::string& one : these) {
    at = std::find(at, all.end(), one);
    if (at == all.end()) return &one;
    ++at;
  }
  return nullptr;
}

/// Empty, or what is wrong with this session.
std::string faultOf(const HostileScript& script) {
  const Played session = played(script);
  if (!session.fault.empty()) return session.fault;
  const session::Record& record = session.record;
  if (record.seconds > kLongest) return "the session takes longer than its waits";
  if (record.end != session::End::completed && record.endText.empty()) return "the session does not say how it ended";
  std::size_t kept = 0;
  for (const session::Event& event : record.transcript) kept += event.text.size();
  if (kept > kMostKept) return "the session keeps " + std::to_string(kept) + " octets";

  const std::vector<std::string> said = linesOf(repliesIn(session.saidOverTls));
  const std::vector<std::string> heard = heardOverTls(record.transcript);
  if (const std::string* line = missing(heard, said)) return "our client hears what was not said over TLS: " + *line;
  if (const std::string* line = missing(linesOf(taken(record.transactions.at(0))), heard))
    return "our client takes for a reply what it did not hear over TLS: " + *line;

  const result::Session seen = result::observe(record, "client.test", {}, {}, "");
  for (const result::Recipient& recipient : seen.transactions.at(0).recipients) {
    const result::Observed& observed = recipient.observed;
    const auto is = [&](const char* verdict) { return observed.verdict == verdict; };
    if (is("deny") && observed.code / 100 != 5) return "a denial without a 5yz: " + std::to_string(observed.code);
    if (is("accept") && (observed.code / 100 != 2 || !record.transactions[0].endOfData))
      return "an acceptance without a 2yz: " + std::to_string(observed.code);
    if (is("drop") && !session.closed) return "a drop, and the server is there";
    if (is("timeout") && record.seconds < kWait) return "a time-out before its time";
  }
  return "";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto script = HostileScript::from({reinterpret_cast<const char*>(data), size});
  if (!script) return -1;
  const std::string fault = faultOf(*script);
  if (fault.empty()) return 0;
  std::fprintf(stderr, "our client differs from what the server did: %s\n", fault.c_str());
  std::abort();
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t most, unsigned seed) {
  return mutated<HostileScript>(data, size, most, seed);
}
