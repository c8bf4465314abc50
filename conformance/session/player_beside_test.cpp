#include <gmock/gmock.h>
#include <poll.h>

#include <array>

#include "conformance/session/test_support.h"

namespace relayproof::session {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
namespace step = wire::step;

/// Two connections at once, without TLS; writes down which of them said what first on each line.
class TwoAtOnce {
 public:
  explicit TwoAtOnce(std::string closesSecondAt = "nothing") : closesSecondAt_(std::move(closesSecondAt)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 2) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("cannot listen on 127.0.0.1");
    port = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  TwoAtOnce(const TwoAtOnce&) = delete;
  TwoAtOnce& operator=(const TwoAtOnce&) = delete;
  ~TwoAtOnce() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
  }

  /// "1 EHLO", "2 EHLO", …; of a message, each of its lines.
  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

  unsigned short port = 0;

 private:
  struct Client {
    int fd = -1;
    bool inMessage = false;
    std::string input;
  };

  void serve() {
    while (!stopping_) {
      std::array<pollfd, 3> waits = {
          {{listener_, POLLIN, 0}, {clients_[0].fd, POLLIN, 0}, {clients_[1].fd, POLLIN, 0}}};
      poll(waits.data(), waits.size(), 10);
      if (waits[0].revents != 0) greet();
      for (std::size_t at = 0; at < clients_.size(); ++at)
        if (waits.at(at + 1).revents != 0) hear(at);
    }
    for (const Client& client : clients_) ::close(client.fd);
  }

  void greet() {
    Client& client = clients_.at(clients_[0].fd < 0 ? 0 : 1);
    client.fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    say(client, "220 relay.test\r\n");
  }

  void hear(std::size_t at) {
    Client& client = clients_.at(at);
    std::array<char, 4096> octets{};
    const ssize_t got = recv(client.fd, octets.data(), octets.size(), 0);
    if (got <= 0) return close(client);
    client.input.append(octets.data(), static_cast<std::size_t>(got));
    for (std::size_t end; client.fd >= 0 && (end = client.input.find("\r\n")) != std::string::npos;) {
      answer(at, client.input.substr(0, end));
      client.input.erase(0, end + 2);
    }
  }

  void answer(std::size_t at, const std::string& line) {
    Client& client = clients_.at(at);
    const std::string word = client.inMessage ? line : line.substr(0, 4);
    {
      const std::lock_guard lock(mutex_);
      lines_.push_back(std::to_string(at + 1) + " " + word);
    }
    if (at == 1 && word == closesSecondAt_) return close(client);
    if (client.inMessage && line != ".") return;
    client.inMessage = word == "DATA";
    say(client, word == "DATA" ? "354 go\r\n" : word == "QUIT" ? "221 bye\r\n" : "250 ok\r\n");
  }

  void close(Client& client) {
    ::close(client.fd);
    client.fd = -1;
  }
  void say(const Client& client, std::string_view reply) {
    ::send(client.fd, reply.data(), reply.size(), MSG_NOSIGNAL);
  }

  const std::string closesSecondAt_;
  int listener_ = -1;
  std::array<Client, 2> clients_;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
  std::thread thread_;
};

Job besideJob() {
  Job job = plainJob(false, 2);
  job.transactions[1].mailFrom = "other@b.test";
  job.transactions[0].message = "one\r\n";
  job.transactions[1].message = "two\r\n";
  job.beside.emplace().source = "127.0.0.1";
  const step::Ehlo ehlo{"client.test"};
  job.steps = {step::Connect{},
               ehlo,
               step::Beside{{step::Connect{}, ehlo, step::Mail{1}, step::Content{1, step::Part::beginning}}},
               step::Mail{0},
               step::Content{0, step::Part::beginning},
               step::Beside{{step::Content{1, step::Part::rest}, step::Quit{}}},
               step::Content{0, step::Part::rest},
               step::Quit{}};
  return job;
}

Record playedAt(const TwoAtOnce& server, const Job& job) {
  Target where;
  where.host = "127.0.0.1";
  where.port = server.port;
  where.timeoutSeconds = 5;
  return Player(where).play(job);
}

TEST(Player, LeadsAnotherSessionOnBesideItsOwn) {
  TwoAtOnce server;
  const Record record = playedAt(server, besideJob());
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_THAT(server.lines(), ElementsAre("1 EHLO", "2 EHLO", "2 MAIL", "2 RCPT", "2 DATA", "1 MAIL", "1 RCPT",
                                          "1 DATA", "2 two", "2 .", "2 QUIT", "1 one", "1 .", "1 QUIT"));
  ASSERT_EQ(record.transactions.size(), 2U);
  for (const TransactionRecord& transaction : record.transactions) EXPECT_EQ(code(transaction.endOfData), 250);
  EXPECT_EQ(record.transactions[1].mailFrom, "other@b.test");
  EXPECT_THAT(transcript(record),
              HasSubstr("client: DATA\nrelay: 354 go\nclient: one\\r\nclient: (beside) \\n.\\r\\n\n"));
}

TEST(Player, EndsAsTheSessionBesideEndsAndNotTheOtherWayRound) {
  TwoAtOnce server("MAIL");
  const Record record = playedAt(server, besideJob());
  EXPECT_EQ(record.end, End::dropped);
  EXPECT_THAT(record.endText, HasSubstr("in the session beside: "));
  EXPECT_FALSE(record.transactions[0].mail);

  TwoAtOnce patient;
  Job gone = besideJob();
  gone.steps.insert(gone.steps.begin() + 3, step::Drop{});
  const Record left = playedAt(patient, gone);
  EXPECT_EQ(code(left.transactions[1].endOfData), 250) << "the one beside goes on";
}

TEST(Player, SendsNoRestOfAMessageThatWasNotBegun) {
  Job job = plainJob(false);
  job.steps = {step::Connect{}, step::Ehlo{"client.test"}, step::Content{0, step::Part::rest}, step::Quit{}};
  EXPECT_EQ(played(joined({kGreeting, kEhlo, kQuit}), job).end, End::completed);
}

}  // namespace
}  // namespace relayproof::session
