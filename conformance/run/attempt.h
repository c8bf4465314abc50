// One session of one case: prepared, played, and seen with the eyes of the sinks.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "conformance/result/judge.h"
#include "conformance/run/run.h"

namespace relayproof::run {

struct Attempt {
  const catalogue::Case* one = nullptr;
  std::string token;
  std::string source;
  std::vector<wire::Transaction> transactions;
  session::Record record;
  result::Session seen;      ///< the record with what the sinks held at the last look
  std::size_t messages = 0;  ///< how many messages the sinks held then
};

/// Plays cases against one target. Keeps identities and computed verdicts, since cases run more than once.
class Stage {
 public:
  Stage(const Request& request, const Surroundings& surroundings);

  /// Plays each case once, `concurrency` at a time, and waits for what was accepted to be passed on. An interrupted run
  /// yields fewer attempts. `onlyAccepted`: recipients that must be accepted, alone.
  std::vector<Attempt> play(const std::vector<const catalogue::Case*>& cases, std::size_t concurrency,
                            bool onlyAccepted = false);

  /// Looks at the sinks again; true when they hold more for this attempt than before.
  bool lookAgain(Attempt& attempt) const;

  const catalogue::Judged& computed(const catalogue::Case& one);
  /// Every recipient that may be accepted was, and there is one.
  bool accepted(const Attempt& attempt);

  double settle() const { return settle_; }
  /// Waits for a relayed control's message to learn how long passing on takes; called once.
  void learnSettle(std::vector<Attempt>& controls);

 private:
  session::Job prepare(Attempt& attempt, bool onlyAccepted);
  void awaitPassingOn(std::vector<Attempt>& attempts, double longest) const;
  void see(Attempt& attempt) const;
  const certs::Fixture& fixture(const catalogue::Case& one);

  const Request& request_;
  const Surroundings& surroundings_;
  session::Player player_;
  std::map<std::string, certs::Fixture> fixtures_;
  std::map<std::string, std::shared_ptr<const session::Identity>> identities_;
  std::map<std::string, catalogue::Judged> computed_;
  std::int64_t at_;
  std::uint64_t nextToken_ = 0;
  double settle_;
};

/// A decision of the core as the result model holds it.
result::Answer answerOf(const verdict::Decision& decision);

}  // namespace relayproof::run
