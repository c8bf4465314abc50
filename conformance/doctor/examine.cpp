#include "conformance/doctor/examine.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "conformance/catalogue/dialogue.h"
#include "conformance/doctor/first_session.h"
#include "conformance/doctor/hints.h"
#include "conformance/result/denial.h"
#include "conformance/run/attempt.h"
#include "conformance/run/schedule.h"
#include "conformance/session/tls.h"
#include "conformance/wire/escape.h"

namespace relayproof::doctor {
namespace {

using run::Attempt;

constexpr double kGreylistPause = 5;     // seconds; what is still deferred then is deferred for longer than a run waits
constexpr std::size_t kBurst = 12;       // relays that count errors or connections begin to mind at ten
constexpr double kClockTolerance = 120;  // seconds
constexpr double kSlowFactor = 3;        // how much longer the last sessions of the burst take than the first ones
constexpr double kNoticeableDelay = 0.25;  // seconds

/// What one positive or negative control came to.
struct Outcome {
  std::string name;      ///< "by-certificate"
  std::string expected;  ///< "relay", "deliver" or "deny"
  bool presents = false;
  bool accepted = false;
  result::Observed observed;
  const Attempt* attempt = nullptr;
};

const result::Observed& observedOf(const Attempt& attempt) {
  return attempt.seen.transactions.front().recipients.front().observed;
}

std::string expectedOf(const Attempt& attempt) {
  const auto& expected = attempt.seen.transactions.front().recipients.front().expected;
  return expected.empty() ? "" : expected.front().verdict;
}

bool wasAccepted(const Attempt& attempt, const run::Setup& setup) {
  result::Circumstances circumstances;
  circumstances.noData = setup.noData;
  circumstances.denyStage = setup.denyStage;
  return expectedOf(attempt) == "deny" ? result::anyAccepted(attempt.seen, circumstances)
                                       : result::accepted(attempt.seen, circumstances);
}

std::string said(const result::Observed& observed) {
  if (observed.code == 0) return observed.text;
  return fmt::format("{} {}{}{}", observed.code, observed.enhanced, observed.enhanced.empty() ? "" : " ",
                     wire::excerpt(observed.text, kMostShown));
}

class Examiner {
 public:
  Examiner(const run::Request& request, const run::Surroundings& surroundings)
      : request_(request),
        surroundings_(surroundings),
        addressCases_(addressCases()),
        schedule_(run::schedule(request.catalogue, request.selected, request.controls, request.profile.name,
                                run::kBatchSize)),
        stage_(request, surroundings, played()) {}

  Examination examine() {
    if (firstSession()) {
      controls();
      if (examination_.accepts && !examination_.open) {
        otherTarget();
        passingOn();
        addresses();
        burst();
        denyStage();
      }
    }
    return std::move(examination_);
  }

 private:
  void say(std::string check, State state, std::string what, std::string mend = {}) {
    examination_.findings.push_back({std::move(check), state, std::move(what), std::move(mend)});
  }
  bool problem(std::string check, std::string what, std::string mend) {
    say(std::move(check), State::problem, std::move(what), std::move(mend));
    return false;
  }

  bool needsTls() const {
    return std::any_of(request_.controls.begin(), request_.controls.end(),
                       [](const catalogue::Case* one) { return one->tls != "none"; });
  }

  /// For each client address that no connector-less stranger has: cases without a certificate and of the plain
  /// dialogue, one that must be accepted and one that must be denied, where there are such.
  std::vector<const catalogue::Case*> addressCases() const {
    std::set<std::string> wanted;
    for (const auto* cases : {&request_.selected, &request_.controls})
      for (const catalogue::Case* one : *cases)
        if (one->address != catalogue::kStranger) wanted.insert(one->address);
    std::map<std::pair<std::string, bool>, const catalogue::Case*> found;
    for (const catalogue::Case& one : request_.catalogue.cases) {
      if (!wanted.contains(one.address) || one.control || one.fixture || one.afterReload || !one.steps.empty() ||
          one.transactions.size() != 1 || one.transactions.front().recipients.size() != 1)
        continue;
      const auto expect = one.expect.find(request_.profile.name);
      if (expect == one.expect.end()) continue;
      const std::set<verdict::Wire> wire = catalogue::wire(expect->second.front().front());
      if (wire.size() == 1) found.emplace(std::pair(one.address, wire.contains(verdict::Wire::accept)), &one);
    }
    std::vector<const catalogue::Case*> cases;
    for (const auto& [key, one] : found) cases.push_back(one);
    return cases;
  }

  std::vector<const catalogue::Case*> played() const {
    std::vector<const catalogue::Case*> all = request_.controls;
    all.insert(all.end(), addressCases_.begin(), addressCases_.end());
    return all;
  }

  FirstSession sessionAt(const session::Target& target) const {
    session::Job job;
    const catalogue::Bindings bindings = run::bindingsOf(request_.setup);
    job.source = catalogue::clientAddress(request_.catalogue, bindings, std::string(catalogue::kStranger));
    const std::string ehlo = catalogue::filled(bindings.ehlo, "{token}", "rp-doctor");
    job.steps = wire::plainDialogue(ehlo, needsTls() && !target.implicitTls, 0);
    return {session::Player(target).play(job), ehlo, session::subjectNames(request_.mint.trustAnchors()), needsTls()};
  }

  bool firstSession() {
    first_ = sessionAt(request_.target);
    examination_.reached = first_.record.end != session::End::unreachable;
    return readFirstSession(first_, request_.target, examination_.findings);
  }

  /// What is wrong with the other port, or that it is there.
  void otherTarget() {
    if (!request_.target.other) return;
    session::Target there = request_.target;
    static_cast<session::Listener&>(there) = *request_.target.other;
    std::vector<Finding> findings;
    readFirstSession(sessionAt(there), there, findings);
    std::erase_if(findings, [](const Finding& finding) { return finding.state == State::ok; });
    for (Finding& finding : findings) say("other-target", finding.state, std::move(finding.what), finding.mend);
    if (findings.empty())
      say("other-target", State::ok,
          fmt::format("{}:{}: TLS {}, and a certificate is asked for", there.host, there.port,
                      there.implicitTls ? "at once" : "by STARTTLS"));
  }

  void controls() {
    std::vector<Attempt> attempts = stage_.play(request_.controls, 1);
    stage_.learnSettle(attempts);
    const bool deferred = std::any_of(attempts.begin(), attempts.end(),
                                      [](const Attempt& one) { return observedOf(one).verdict == "defer"; });
    if (deferred) {
      surroundings_.sleep(kGreylistPause);
      std::vector<Attempt> again = stage_.play(request_.controls, 1);
      const bool stillDeferred = std::any_of(again.begin(), again.end(),
                                             [](const Attempt& one) { return observedOf(one).verdict == "defer"; });
      if (!stillDeferred)
        say("greylisting", State::note, "the first try of a sender is put off, a later one is answered",
            "exempt our addresses from greylisting: a run tries again, and takes longer");
      attempts = std::move(again);
    }
    played_ = std::move(attempts);
    for (const Attempt& attempt : played_) {
      Outcome& outcome = outcomes_.emplace_back();
      outcome.name = attempt.one->id;
      outcome.expected = expectedOf(attempt);
      outcome.presents = attempt.one->fixture.has_value();
      outcome.observed = observedOf(attempt);
      outcome.accepted = wasAccepted(attempt, request_.setup);
      outcome.attempt = &attempt;
    }
    for (const Outcome& outcome : outcomes_) {
      examination_.accepts |= outcome.expected != "deny" && outcome.accepted;
      examination_.open |= outcome.expected == "deny" && outcome.accepted;
    }
    for (const Outcome& outcome : outcomes_) judge(outcome);
  }

  void judge(const Outcome& outcome) {
    const bool right = outcome.accepted == (outcome.expected != "deny");
    if (right && (outcome.expected != "deny" || outcome.observed.verdict == "deny")) {
      say(outcome.name, State::ok,
          fmt::format("{}: {}", outcome.accepted ? "accepted" : "denied", said(outcome.observed)));
      return;
    }
    if (outcome.accepted) {
      problem(outcome.name,
              fmt::format("a stranger without a certificate relays from {} to a foreign domain: {}",
                          outcome.attempt->source, said(outcome.observed)),
              "take our addresses out of what the relay trusts (its own networks, hosts that may relay): connectors "
              "alone may let them relay. Or the relay denies later than at the end of data and the mail is lost");
      return;
    }
    if (outcome.observed.verdict == "not-reached" && request_.setup.noData) {
      problem(outcome.name, "without DATA nobody can tell whether the relay accepts: it denies later than at RCPT",
              "leave --no-data out, or let the relay deny at RCPT and say --deny-stage rcpt");
      return;
    }
    if (outcome.attempt->record.end == session::End::unreachable) {
      problem(outcome.name, outcome.attempt->record.endText, cannotBind(*outcome.attempt));
      return;
    }
    const Hint hint = hintFor({outcome.observed, outcome.expected, outcome.presents, localWorks(), certificateWorks(),
                               addressWorks(), clockIsOff()});
    problem(outcome.name, fmt::format("{}: {}", hint.what, said(outcome.observed)), hint.mend);
  }

  bool works(std::string_view expected, std::optional<bool> presents) const {
    return std::any_of(outcomes_.begin(), outcomes_.end(), [&](const Outcome& one) {
      return one.accepted && one.expected == expected && (!presents || one.presents == *presents);
    });
  }
  bool localWorks() const { return works("deliver", std::nullopt); }
  bool certificateWorks() const { return works("relay", true); }
  bool addressWorks() const { return works("relay", false); }

  std::vector<session::SinkMessage> arrived(const Attempt& attempt) const {
    std::vector<session::SinkMessage> messages;
    const auto add = [&](session::Sink* sink, std::size_t before) {
      if (!sink) return;
      for (session::SinkMessage& message : sink->find(attempt.delivery.token, before))
        messages.push_back(std::move(message));
    };
    add(surroundings_.nextHop, attempt.delivery.nextHopBefore);
    add(surroundings_.localHop, attempt.delivery.localHopBefore);
    return messages;
  }

  /// The relay's own clock less ours, in seconds, where its greeting or its mark on a message tells.
  std::optional<double> clockSkew() const {
    std::optional<double> theirs = timeIn(first_.record.greeting);
    for (const Outcome& outcome : outcomes_)
      if (!theirs)
        for (const session::SinkMessage& message : arrived(*outcome.attempt))
          if (const auto mark = traceOf(message.data)) theirs = timeIn(*mark);
    if (!theirs) return std::nullopt;
    return *theirs - surroundings_.now();
  }
  bool clockIsOff() const {
    const auto skew = clockSkew();
    return skew && std::abs(*skew) > kClockTolerance;
  }

  void passingOn() {
    if (const auto skew = clockSkew()) {
      if (std::abs(*skew) > kClockTolerance)
        say("clock", State::problem, fmt::format("the relay's clock is {} of ours", apart(*skew)),
            "set it: what is expired, or not valid yet, is judged by it");
      else
        say("clock", State::ok, "the relay's clock agrees with ours");
    }
    const std::pair<session::Sink*, std::string_view> hops[] = {{surroundings_.nextHop, "next-hop"},
                                                                {surroundings_.localHop, "local-hop"}};
    for (const auto& [sink, hop] : hops) hopWorks(sink, std::string(hop));
    tenantHeader();
  }

  void hopWorks(session::Sink* sink, const std::string& hop) {
    if (!sink) {
      say(hop, State::note, "no sink watches what the relay passes on",
          fmt::format("say --{} HOST:PORT and route {} mail there; without it, holes that only show in what is passed "
                      "on stay open questions, and a run ends in exit status 3 unless --without injection",
                      hop, hop == "next-hop" ? "relayed" : "local"));
      return;
    }
    const std::string expected = hop == "next-hop" ? "relay" : "deliver";
    const auto outcome = std::find_if(outcomes_.begin(), outcomes_.end(),
                                      [&](const Outcome& one) { return one.accepted && one.expected == expected; });
    if (outcome == outcomes_.end() || request_.setup.noData) return;
    const std::string passedOn = outcome->observed.passedOn.value_or("none");
    if (passedOn == hop) {
      say(hop, State::ok,
          fmt::format("{} mail comes to {}", expected == "relay" ? "relayed" : "local", sink->address()));
    } else if (passedOn == "none") {
      problem(hop, fmt::format("{} was accepted and its message did not come to {}", outcome->name, sink->address()),
              "let the relay's route lead there, and see its queue; where passing on takes long, say --settle SECONDS");
    } else {
      problem(hop, fmt::format("the message of {} came elsewhere: {}", outcome->name, passedOn),
              "are the routes for relayed and for local mail exchanged?");
    }
  }

  void tenantHeader() {
    if (request_.setup.tenantHeader.empty() || request_.setup.noData) return;
    for (const Outcome& outcome : outcomes_) {
      if (!outcome.accepted || arrived(*outcome.attempt).empty()) continue;
      if (!outcome.observed.tenant)
        say("tenant-header", State::note,
            fmt::format("the relay marks no message with {}, so that nobody sees for whom it relayed",
                        request_.setup.tenantHeader),
            "name its own header in the set-up's tenantHeader, or \"\" where it has none");
      return;
    }
  }

  void addresses() {
    std::set<std::string> told;
    bool all = true;
    for (const Attempt& attempt : stage_.play(addressCases_, 1)) {
      told.insert(attempt.source);
      all = addressIsTold(attempt) && all;
    }
    if (!told.empty() && all)
      say("addresses", State::ok, fmt::format("{} client addresses are told apart", told.size()));
  }

  bool addressIsTold(const Attempt& attempt) {
    const std::string check = "address " + attempt.one->address;
    if (attempt.record.end == session::End::unreachable)
      return problem(check, attempt.record.endText, cannotBind(attempt));
    const result::Observed& observed = observedOf(attempt);
    const bool accepted = wasAccepted(attempt, request_.setup);
    if (accepted == (expectedOf(attempt) != "deny") && (accepted || observed.verdict == "deny")) return true;
    const std::string seen = addressSeen(attempt);
    return problem(
        check,
        fmt::format("{} has to be {} from {} and is not: {}{}", attempt.one->id, accepted ? "denied" : "accepted",
                    attempt.source, said(observed),
                    seen.empty() || seen == attempt.source ? "" : fmt::format("; the relay sees {}", seen)),
        "let the relay see the client's own address (no NAT or proxy between), enter the plan's address connectors, or "
        "say --without source-addresses");
  }

  static std::string cannotBind(const Attempt& attempt) {
    return fmt::format(
        "name an address of this machine for \"{}\" in the set-up's addresses, or say --without "
        "source-addresses",
        attempt.one->address);
  }

  /// The client's address in the relay's own words; empty where no message tells.
  std::string addressSeen(const Attempt& attempt) const {
    std::vector<const Attempt*> telling = {&attempt};
    for (const Outcome& outcome : outcomes_) telling.push_back(outcome.attempt);
    for (const Attempt* one : telling)
      for (const session::SinkMessage& message : arrived(*one))
        if (const auto mark = traceOf(message.data))
          if (const auto address = addressIn(*mark); address && (one == &attempt || *address != one->source))
            return *address;
    return {};
  }

  void burst() {
    const auto pick = [&](bool accepted) {
      const auto found = std::find_if(outcomes_.begin(), outcomes_.end(), [&](const Outcome& one) {
        return one.accepted == accepted && (accepted ? one.expected == "relay" : one.expected == "deny");
      });
      return found == outcomes_.end() ? nullptr : found->attempt->one;
    };
    std::vector<double> seconds;
    for (const bool accepted : {false, true}) {
      const catalogue::Case* control = pick(accepted);
      if (!control) continue;
      std::vector<double> took;
      for (std::size_t i = 0; i < kBurst; ++i) {
        const std::vector<Attempt> one = stage_.play({control}, 1);
        if (one.empty()) return;
        took.push_back(one.front().record.seconds);
        if (wasAccepted(one.front(), request_.setup) == accepted &&
            (accepted || observedOf(one.front()).verdict == "deny"))
          continue;
        problem(
            "throttling",
            fmt::format("after {} sessions like {} the answer is another: {}", i + 1, control->id,
                        said(observedOf(one.front()))),
            "lift the relay's limits of connections, errors and rate for our addresses, or say --rate and --jobs 1");
        return;
      }
      seconds.insert(seconds.end(), took.begin(), took.end());
      const double head = mean(took, 0, took.size() / 3), tail = mean(took, took.size() * 2 / 3, took.size());
      if (tail > kSlowFactor * head && tail > kNoticeableDelay)
        say("throttling", State::note,
            fmt::format("after {} sessions like {} each takes {:.1f} s instead of {:.1f} s", kBurst, control->id, tail,
                        head),
            "lift the relay's delays for our addresses");
    }
    if (seconds.empty()) return;
    const double session = mean(seconds, 0, seconds.size());
    const double run = session * static_cast<double>(schedule_.sessions()) / static_cast<double>(request_.jobs);
    say("speed", State::ok,
        fmt::format("a session takes {:.0f} ms; a run of {} cases is {} sessions, about {:.0f} s with {} at once",
                    session * 1000, request_.selected.size(), schedule_.sessions(), std::max(run, 1.0), request_.jobs));
  }

  static double mean(const std::vector<double>& values, std::size_t from, std::size_t to) {
    double sum = 0;
    for (std::size_t i = from; i < to; ++i) sum += values[i];
    return to > from ? sum / static_cast<double>(to - from) : 0;
  }

  void denyStage() {
    const auto negative = std::find_if(outcomes_.begin(), outcomes_.end(), [](const Outcome& one) {
      return one.expected == "deny" && one.observed.verdict == "deny";
    });
    if (negative == outcomes_.end()) return;
    const std::string stage = negative->observed.stage == "end-of-data" ? "endOfData" : negative->observed.stage;
    if (!request_.setup.denyStage.empty() && request_.setup.denyStage != stage)
      problem("deny-stage", fmt::format("the relay denies at {}, the set-up says {}", stage, request_.setup.denyStage),
              fmt::format("say --deny-stage {}", stage));
    else
      say("deny-stage", State::ok, fmt::format("denies at {}", stage));
  }

  const run::Request& request_;
  const run::Surroundings& surroundings_;
  std::vector<const catalogue::Case*> addressCases_;
  run::Schedule schedule_;
  run::Stage stage_;
  FirstSession first_;
  std::vector<Attempt> played_;
  std::vector<Outcome> outcomes_;
  Examination examination_;
};

}  // namespace

std::string_view name(State state) {
  switch (state) {
    case State::ok:
      return "ok";
    case State::note:
      return "note";
    case State::problem:
      return "problem";
  }
  return "problem";
}

int Examination::status() const {
  if (open) return 1;
  if (!reached || !accepts) return 4;
  const bool any = std::any_of(findings.begin(), findings.end(),
                               [](const Finding& finding) { return finding.state == State::problem; });
  return any ? 2 : 0;
}

Examination examine(const run::Request& request, const run::Surroundings& surroundings) {
  return Examiner(request, surroundings).examine();
}

}  // namespace relayproof::doctor
