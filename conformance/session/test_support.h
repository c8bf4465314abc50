// What the tests of the player share: the usual pieces of a scripted relay, and jobs to play against it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/session/player.h"
#include "conformance/session/scripted_server.h"

namespace relayproof::session {

using namespace scripted;

inline const Script kGreeting = {Say{"220 relay.test ESMTP\r\n"}};
inline const Script kEhlo = {Hear{"EHLO client.test"}, Say{"250-relay.test\r\n250-SIZE 1000\r\n250 STARTTLS\r\n"}};
inline const Script kStartTls = {Hear{"STARTTLS"}, Say{"220 go\r\n"}};
inline const Script kMail = {Hear{"MAIL FROM:<a@b.test>"}, Say{"250 2.1.0 ok\r\n"}};
inline const Script kRcpt = {Hear{"RCPT TO:<c@d.test>"}, Say{"250 2.1.5 ok\r\n"}};
inline const Script kData = {Hear{"DATA"}, Say{"354 go\r\n"}, HearMessage{}, Say{"250 2.0.0 queued\r\n"}};
inline const Script kQuit = {Hear{"QUIT"}, Say{"221 bye\r\n"}};

inline Script joined(const std::vector<Script>& parts) {
  Script whole;
  for (const Script& part : parts) whole.insert(whole.end(), part.begin(), part.end());
  return whole;
}

inline const Script kPlainTls = joined({kGreeting, kEhlo, kStartTls});

inline Target target(const Server& server) {
  Target target;
  target.host = "127.0.0.1";
  target.port = server.port();
  target.timeoutSeconds = 5;
  return target;
}

inline std::shared_ptr<const Identity> identity() {
  static const auto one = std::make_shared<const Identity>(selfSigned("client.test"));
  return one;
}

inline Job plainJob(bool tls, std::size_t transactions = 1) {
  Job job;
  job.steps = wire::plainDialogue("client.test", tls, transactions);
  job.transactions.assign(transactions, {"a@b.test", "", {"c@d.test"}, "Subject: x\r\n\r\n.dot\r\n", false});
  return job;
}

inline Job certificateJob() {
  Job job = plainJob(true);
  job.identity = identity();
  return job;
}

inline Record played(const Script& script, const Job& job, int timeoutSeconds = 5) {
  Server server(script);
  Target where = target(server);
  where.timeoutSeconds = timeoutSeconds;
  return Player(where).play(job);
}

inline std::string transcript(const Record& record) {
  std::string text;
  for (const Event& event : record.transcript) text += event.from + ": " + event.text + "\n";
  return text;
}

inline int code(const std::optional<wire::Reply>& reply) { return reply ? reply->code : 0; }

}  // namespace relayproof::session
