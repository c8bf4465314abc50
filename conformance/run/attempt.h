// One session of one case: prepared, played, and seen with the eyes of the sinks.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/result/judge.h"
#include "conformance/result/observe.h"
#include "conformance/run/run.h"

namespace relayproof::run {

struct Attempt {
  const catalogue::Case* one = nullptr;
  std::string token;
  std::string source;
  std::shared_ptr<const session::Identity> identity;
  std::vector<wire::Step> steps;
  std::vector<wire::Transaction> transactions;
  session::Record record;
  result::Session seen;      ///< the record with what the sinks held at the last look, beside what is expected
  std::size_t messages = 0;  ///< how many messages the sinks held then
};

/// Plays cases against one target. Keeps identities and computed verdicts, since cases run more than once.
class Stage {
 public:
  Stage(const Request& request, const Surroundings& surroundings);

  /// Plays each case once, `concurrency` at a time, and waits for what was accepted to be passed on. An interrupted run
  /// yields fewer attempts.
  std::vector<Attempt> play(const std::vector<const catalogue::Case*>& cases, std::size_t concurrency);
  /// Plays a case with one of its recipients and no other; nullopt when the run is interrupted.
  std::optional<Attempt> playAlone(const catalogue::Case& one, result::RecipientPlace place);

  /// Looks at the sinks again; true when they hold more for this attempt than before.
  bool lookAgain(Attempt& attempt);

  const catalogue::Judged& computed(const catalogue::Case& one);

  double settle() const { return settle_; }
  /// Waits for a relayed control's message to learn how long passing on takes; called once.
  void learnSettle(std::vector<Attempt>& controls);

 private:
  session::Job prepare(Attempt& attempt, std::optional<result::RecipientPlace> alone);
  std::vector<Attempt> play(std::vector<Attempt> attempts, std::vector<session::Job> jobs, std::size_t concurrency);
  void awaitPassingOn(std::vector<Attempt>& attempts, double longest);
  void see(Attempt& attempt);

  const Request& request_;
  const Surroundings& surroundings_;
  catalogue::Bindings bindings_;
  session::Player player_;
  std::map<std::string, std::shared_ptr<const session::Identity>> identities_;
  std::map<std::string, catalogue::Judged> computed_;
  std::int64_t at_;
  std::uint64_t nextToken_ = 0;
  double settle_;
};

}  // namespace relayproof::run
