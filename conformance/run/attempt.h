// One session of one case: prepared, played, and seen with the eyes of the sinks.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/result/judge.h"
#include "conformance/result/observe.h"
#include "conformance/run/rehearsal.h"

namespace relayproof::run {

/// What of a session is looked for in the sinks.
struct Delivery {
  std::string token;
  std::size_t nextHopBefore = 0, localHopBefore = 0;  ///< messages that the sinks held before the session
  std::size_t messages = 0;                           ///< of this session at the last look
};

struct Attempt {
  const catalogue::Case* one = nullptr;
  Delivery delivery;
  std::string source;
  std::shared_ptr<const session::Identity> identity;
  std::vector<wire::Step> steps;
  std::vector<wire::Transaction> transactions;
  session::Record record;
  std::size_t endedAs = 0;  ///< its place in the order in which the sessions of one wave ended
  result::Session seen;     ///< the record with what the sinks held at the last look, beside what is expected
};

/// Accepted, and in no sink so far.
bool awaitsMail(const result::Session& session);

/// Plays cases against one target.
class Stage {
 public:
  /// `cases`: all that may be played.
  Stage(const Request& request, const Surroundings& surroundings, const std::vector<const catalogue::Case*>& cases);

  /// Plays each case once, `concurrency` at a time, and waits for what was accepted to be passed on. An interrupted run
  /// yields fewer attempts.
  std::vector<Attempt> play(const std::vector<const catalogue::Case*>& cases, std::size_t concurrency);
  /// The same of cases whose first handshakes were held already.
  std::vector<Attempt> play(const std::vector<const catalogue::Case*>& cases, std::size_t concurrency,
                            const std::map<const catalogue::Case*, session::Begun>& begun);
  /// Holds the first of the two handshakes of those cases that have two.
  std::map<const catalogue::Case*, session::Begun> begin(const std::vector<const catalogue::Case*>& cases,
                                                         std::size_t concurrency);
  /// Plays a case with one of its recipients and no other; nullopt when the run is interrupted.
  std::optional<Attempt> playAlone(const catalogue::Case& one, result::RecipientPlace place);

  /// Looks at the sinks again; true when they hold more of this session than before, and `seen` tells of it then.
  bool lookAgain(const catalogue::Case& one, Delivery& delivery, result::Session& seen);

  const catalogue::Judged& computed(const catalogue::Case& one) { return rehearsed(one).judged; }
  const catalogue::WaysOf& ways(const catalogue::Case& one) { return rehearsed(one).ways; }

  double settle() const { return settle_; }
  /// Waits for a relayed control's message to learn how long passing on takes; called once.
  void learnSettle(std::vector<Attempt>& controls);

 private:
  const Rehearsed& rehearsed(const catalogue::Case& one);
  session::Earlier earlierOf(Attempt& attempt);
  session::Job prepare(Attempt& attempt, std::optional<result::RecipientPlace> alone);
  std::vector<Attempt> play(std::vector<Attempt> attempts, std::vector<session::Job> jobs, std::size_t concurrency);
  void awaitPassingOn(std::vector<Attempt>& attempts, double longest);
  result::PassedOn passedOn(Delivery& delivery) const;
  void see(Attempt& attempt);

  const Request& request_;
  const Surroundings& surroundings_;
  catalogue::Bindings bindings_;
  session::Player player_;
  std::vector<const catalogue::Case*> guises_;  ///< not rehearsed yet: the first verdict does not wait for them
  Rehearsal rehearsal_;
  std::uint64_t nextToken_ = 0;
  double settle_;
};

}  // namespace relayproof::run
