// Our client against servers that no client should have to meet (corpus/hostile_servers.json): every session ends in
// bounded time and memory, says why, and nothing but a whole 5yz reply to a command of ours is taken for a denial.

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <atomic>
#include <fstream>
#include <future>
#include <set>

#include "certs/document.h"
#include "conformance/catalogue/dialogue.h"
#include "conformance/result/observe.h"
#include "conformance/session/test_support.h"

namespace relayproof::run {
namespace {

using namespace session::scripted;
namespace asked = session;

constexpr int kTimeout = 2;       // seconds, each wait: a busy machine is no hostile server
constexpr int kBeforeReset = 50;  // milliseconds

std::string octetsOf(const Node& act, const char* key) { return catalogue::octets(act.at(key)); }

Act readAct(const Node& act) {
  if (act.json().is_string())
    return act.choice<Act>(
        {{"stall", Stall{}}, {"close", Close{}}, {"reset", Reset{}}, {"deaf", Deaf{}}, {"leave-tls", LeaveTls{}}});
  act.allowOnly({"say", "times", "every", "flood", "hear", "tls"});
  if (act.find("flood")) return Flood{octetsOf(act, "flood")};
  if (act.find("hear")) return Hear{octetsOf(act, "hear")};
  if (const auto tls = act.find("tls")) {
    tls->allowOnly({"ask", "reject", "version"});
    AcceptTls accept;
    if (const auto ask = tls->find("ask"))
      accept.ask =
          ask->choice<AcceptTls::Ask>({{"optional", AcceptTls::Ask::optional}, {"required", AcceptTls::Ask::required}});
    accept.reject = tls->booleanOr("reject", false);
    if (const auto version = tls->find("version")) accept.version = version->choice<int>({{"1.2", TLS1_2_VERSION}});
    return accept;
  }
  Say say;
  for (auto times = act.find("times") ? act.at("times").integer(1, 100000) : 1; times > 0; --times)
    say.octets += octetsOf(act, "say");
  if (const auto every = act.find("every")) {
    say.octetByOctet = true;
    say.every = static_cast<int>(every->integer(1, 1000));
  }
  return say;
}

/// A relay that behaves until it has heard what `after` names.
Script readScript(const Node& server) {
  const std::vector<std::pair<std::string, Script>> way = {
      {"connect", {}},
      {"ehlo", {Say{"220 relay.test ESMTP\r\n"}, Hear{"EHLO "}}},
      {"starttls", {Say{"250-relay.test\r\n250 STARTTLS\r\n"}, Hear{"STARTTLS"}}},
      {"tls", {Say{"220 go\r\n"}}},
      {"mail", {AcceptTls{AcceptTls::Ask::optional}, Hear{"EHLO "}, Say{"250 relay.test\r\n"}, Hear{"MAIL FROM:"}}},
      {"rcpt", {Say{"250 2.1.0 ok\r\n"}, Hear{"RCPT TO:"}}},
      {"data", {Say{"250 2.1.5 ok\r\n"}, Hear{"DATA"}}},
      {"content", {Say{"354 go\r\n"}, HearMessage{}}}};
  Script script;
  const std::string after = server.at("after").string();
  for (const auto& [stage, acts] : way) {
    script.insert(script.end(), acts.begin(), acts.end());
    if (stage == after) {
      for (const Node& act : server.at("acts").array()) {
        // Sooner, a connection that was taken may look like one that was not.
        if (act.json() == "reset") script.push_back(Wait{kBeforeReset});
        script.push_back(readAct(act));
      }
      return script;
    }
  }
  server.at("after").fail("is no stage");
}

session::Record played(const Script& script) {
  const Server server(script);
  session::Target target;
  target.host = "127.0.0.1";
  target.port = server.port();
  target.timeoutSeconds = kTimeout;
  return session::Player(target).play(asked::certificateJob());
}

/// An empty text, or what is wrong.
std::string faultOf(const Node& server) {
  const session::Record record = played(readScript(server));
  const result::Session seen = result::observe(record, "client.test", asked::identity()->chain, {}, "");
  const result::Observed& observed = seen.transactions.at(0).recipients.at(0).observed;
  const std::string wanted = server.at("verdict").string();
  std::string fault;
  if (observed.verdict != wanted) fault += " is " + observed.verdict + " instead of " + wanted + ": " + observed.text;
  if (record.end != session::End::completed && record.endText.empty()) fault += " does not say what happened";
  std::size_t held = 0;
  for (const session::Event& event : record.transcript) held += event.text.size();
  if (held > 400'000) fault += " keeps " + std::to_string(held) + " octets";
  // All waits of a session are six at most; the rest is a busy machine's.
  if (record.seconds > 6 * kTimeout + 10) fault += " takes " + std::to_string(record.seconds) + " s";
  return fault.empty() ? "" : server.at("id").string() + fault + "\n";
}

TEST(HostileServers, AreSurvivedAndSeenForWhatTheyDo) {
  const std::string file = RELAYPROOF_SOURCE_DIR "/corpus/hostile_servers.json";
  const auto document = parseJson(readFile(file).value(), file).value();
  const std::vector<Node> servers = Node(document, file, "").at("servers").array();
  ASSERT_GE(servers.size(), 60u);
  std::set<std::string> ids;
  for (const Node& server : servers) {
    server.allowOnly({"id", "why", "after", "acts", "verdict"});
    EXPECT_TRUE(ids.insert(server.at("id").string()).second) << server.at("id").string() << " stands twice";
    EXPECT_FALSE(server.at("why").string().empty());
  }

  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    std::string faults;
    for (std::size_t at = next++; at < servers.size(); at = next++) faults += faultOf(servers[at]);
    return faults;
  };
  std::vector<std::future<std::string>> workers;
  for (int i = 0; i < 8; ++i) workers.push_back(std::async(std::launch::async, work));
  for (auto& worker : workers) EXPECT_EQ(worker.get(), "");
}

long residentKilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  return 0;
}

TEST(HostileServers, AThousandSessionsInATarpitEnd) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4096);
  setrlimit(RLIMIT_NOFILE, &files);

  // The system answers for it; the server itself never does.
  const int tarpit = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(tarpit, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(tarpit, 2000), 0);
  getsockname(tarpit, reinterpret_cast<sockaddr*>(&address), &size);

  session::Target target;
  target.host = "127.0.0.1";
  target.port = ntohs(address.sin_port);
  target.timeoutSeconds = kTimeout;
  session::Player player(target);
  const std::vector<session::Job> jobs(1000, asked::certificateJob());
  const long before = residentKilobytes();
  long most = 0;
  std::size_t ended = 0;
  player.run(
      jobs, 1000,
      [&](std::size_t, const session::Record& record) {
        ++ended;
        most = std::max(most, residentKilobytes());
        EXPECT_TRUE(record.end == session::End::timeout || record.end == session::End::unreachable) << record.endText;
        EXPECT_FALSE(record.endText.empty());
      },
      [] { return false; });
  ::close(tarpit);
  EXPECT_EQ(ended, 1000u);
  EXPECT_LT(most - before, 200'000) << "kB for a thousand sessions that wait";
}

}  // namespace
}  // namespace relayproof::run
