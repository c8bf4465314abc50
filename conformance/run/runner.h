// The run as a whole, by what it does: the waves and their controls (run.cpp), crashes (crash.cpp), the reload
// (reload.cpp), and what becomes of what was played (judging.cpp).
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/run/attempt.h"
#include "conformance/run/run.h"
#include "conformance/run/schedule.h"

namespace relayproof::run {

inline constexpr double kPausesAfterRestart[] = {0.2, 1, 3, 10};  // seconds until it has to be back

inline bool interrupted(const Surroundings& surroundings) { return surroundings.stop && surroundings.stop(); }

class Runner {
 public:
  Runner(const Request& request, const Surroundings& surroundings, result::Report report)
      : request_(request),
        surroundings_(surroundings),
        report_(std::move(report)),
        schedule_(schedule(request.catalogue, request.selected, request.controls, request.profile.name, kBatchSize,
                           request.shuffle ? std::optional(request.seed) : std::nullopt)),
        stage_(request, surroundings, schedule_.all()) {}

  result::Report run();

 private:
  /// The attempts at one case in their order; the last one counts, and a hole in any.
  struct Played {
    std::vector<Attempt> attempts;
    std::optional<bool> acceptedAlone;  ///< the recipient that was denied together with another
    bool wentAway = false;              ///< the relay, after this
    std::string notReloaded;            ///< why the relay does not have the tenancy for this
    std::string notTakenBack;           ///< why it still has that of this, or another
    std::string crash;                  ///< the line of its log that tells of one beside this
    std::vector<std::string> log;       ///< its lines about this
    const catalogue::Case& one() const { return *attempts.front().one; }
    const result::Session& last() const { return attempts.back().seen; }
  };
  struct Wave {
    std::vector<Played> played;
    bool vouched = false;  ///< by the controls behind them
  };
  struct Kept {
    const catalogue::Case* one = nullptr;
    Delivery delivery;
    result::CaseResult result;
  };

  bool runControls();
  static bool marked(const std::vector<Played>& controls, std::string_view hop);
  bool holds(std::vector<Attempt> controls);
  bool controlsStillHold();
  bool retry(std::vector<Played>& played);
  Wave playBeforeControls(const std::vector<const catalogue::Case*>& cases, std::size_t jobs);
  void runBatch(const Batch& batch);
  void runAfterReload();
  std::string showsReload();
  std::string holdsAgain(const std::map<std::string, bool>& acceptedBefore);
  bool unwell();
  bool revive();
  std::string readLog(std::vector<Played>& played);
  void playOneByOne(std::vector<Played>& played, const std::string& crash);
  static void add(std::vector<Played> more, std::vector<Played>& played);
  static bool sawItGo(std::vector<Played>& played);
  bool borne(std::vector<Played>& played, bool vouched);
  /// How a crash shows, by the line of the relay's log that tells of it.
  static std::string told(const std::string& line);
  void reportCrash(const std::string& how, const std::vector<Played>& during);
  void judgeBatch(std::vector<Played> played, bool controlsHeld);
  void judgeOne(Played played, const std::map<std::string, bool>& acceptedById, bool controlsHeld);
  /// What was declared of DATA and of where the relay denies, without which no session tells its verdict.
  result::Circumstances declared() const;
  bool accepted(const result::Session& session) const { return result::accepted(session, declared()); }
  void judge(result::CaseResult& result, const catalogue::Case& one, const result::Circumstances& circumstances);
  void finish(const std::string& id);
  void sweep(bool inTime);
  result::CaseResult describe(const catalogue::Case& one);
  void addSession(result::CaseResult& result, const Attempt& attempt);
  bool isPositive(const catalogue::Case& control);
  bool isOpen(const Attempt& attempt);
  bool halted() const { return report_.halted.has_value(); }
  bool stopped();

  const Request& request_;
  const Surroundings& surroundings_;
  result::Report report_;
  Schedule schedule_;
  Stage stage_;
  std::set<std::string> working_;  // ids of the positive controls that were accepted at the start
  std::set<std::string> selected_;
  std::map<std::string, Kept> kept_;
  std::vector<std::string> order_;
  std::set<std::string> late_;  // those whose verdict waits for the last look, or has changed by it
  bool asksForCertificate_ = false;
  bool neverAskingReported_ = false;
  std::string learntDenyStage_;
  bool marksRelayed_ = false, marksDelivered_ = false;  // by what the positive controls had at the start
  std::vector<result::CaseResult> crashes_;             // that no single case shows
  bool mute_ = false;                                   // the controls were taken, and none was greeted
  int restarts_ = 0;
};

}  // namespace relayproof::run
