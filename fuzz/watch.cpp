#include "fuzz/watch.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>

#include "fuzz/matcher.h"

namespace relayproof::fuzz {
namespace {

constexpr const char* kSlate = "RELAYPROOF_SLATE";  // the file's number; behind it "alone", for one question
constexpr int kFound = 77;                          // as libFuzzer has it
// Seconds. The child has its own patience, which is less, and tells more.
constexpr int kPatience = 8, kPatienceWithReports = 120;

bool alone = false;
std::optional<int> given;  // the slate's file, in a child

bool isTraced() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("TracerPid:")) return line.find_first_not_of(" \t0", 10) != std::string::npos;
  return false;
}

sigset_t signalsOfOurs() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2}) sigaddset(&set, signal);
  return set;
}

// Between fork and exec nothing takes memory: a matcher that is linked in may have threads by now.
pid_t begin(int file, char** arguments, bool forOneQuestion, const sigset_t& before) {
  const int inherited = dup(file);  // is open behind exec
  setenv(kSlate, (std::to_string(inherited) + (forOneQuestion ? " alone" : "")).c_str(), 1);
  const pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigprocmask(SIG_SETMASK, &before, nullptr);
    if (forOneQuestion) dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
    execv("/proc/self/exe", arguments);
    _exit(kFound);
  }
  unsetenv(kSlate);
  close(inherited);
  return child;
}

struct End {
  int status = 0;  ///< as waitpid gives it
  bool hung = false, interrupted = false;
};

// A second at a time, and what is asked then: time that this process did not have is nobody's.
End watched(pid_t child, Slate::Record& record) {
  const sigset_t ours = signalsOfOurs();
  End end;
  int still = 0;
  for (std::uint64_t question = 0; waitpid(child, &end.status, WNOHANG) != child;) {
    constexpr timespec kTick{1, 0};
    const int signal = sigtimedwait(&ours, nullptr, &kTick);
    if (signal == SIGCHLD) continue;
    if (signal > 0) {
      kill(child, signal);
      end.interrupted = true;
      continue;
    }
    const bool isStill = record.found || (record.stage != Slate::Stage::quiet && record.questions == question);
    question = record.questions;
    still = isStill ? still + 1 : 0;
    if (still <= (record.found ? kPatienceWithReports : kPatience)) continue;
    end.hung = true;
    kill(child, SIGKILL);
  }
  return end;
}

std::string howItEnded(const End& end) {
  return WIFSIGNALED(end.status) ? "by signal " + std::to_string(WTERMSIG(end.status))
                                 : "with exit status " + std::to_string(WEXITSTATUS(end.status));
}

std::string silently(const End& end) {
  if (end.hung) return "your matcher hangs: no answer within 5 seconds, and it lets nobody interrupt it";
  return "your matcher does not come back, and its process ended " + howItEnded(end);
}

// Nothing was asked, so nothing is found.
[[noreturn]] void refuseToLoad(const End& end) {
  std::fprintf(stderr,
               "RELAYPROOF_MATCHER: the library cannot be loaded: %s%s\n  does a constructor of it do that? or was it "
               "built with GCC's sanitizers? with  clang-19 -fsanitize=fuzzer-no-link,address  it works\n",
               end.hung ? "it hangs meanwhile" : "the process ended meanwhile, ",
               end.hung ? "" : howItEnded(end).c_str());
  _exit(2);
}

// Ended while it was asked, or behind it, and not as programs do.
bool endedSilently(const End& end, const Slate::Record& record) {
  if (end.interrupted) return false;
  if (record.stage == Slate::Stage::asked) return true;
  return WIFEXITED(end.status) && WEXITSTATUS(end.status) == 0 && !record.ended;
}

// It may have been a limit of the processor's time, or somebody who kills.
bool mayBeFromOutside(const End& end) {
  return !end.hung && WIFSIGNALED(end.status) && (WTERMSIG(end.status) == SIGXCPU || WTERMSIG(end.status) == SIGKILL);
}

void askAlone(char** arguments, const sigset_t& before) {
  Slate::Record& record = slate().record();
  const bool misbehaved = record.misbehaved;
  const int answer = record.answer;
  record.found = record.isWrong = false;
  record.stage = Slate::Stage::quiet;
  const End end = watched(begin(slate().file(), arguments, true, before), record);
  const bool misbehaves =
      record.found || record.isWrong || record.stage == Slate::Stage::asked || !WIFEXITED(end.status);
  if (misbehaved ? misbehaves : !misbehaves && record.answer == answer) return;
  std::fprintf(
      stderr,
      "asked this alone, your matcher %s%s: what it does depends on what it was asked before (a cache, a static "
      "buffer), and so the input that is kept shows nothing\n",
      misbehaves ? "does worse" : "says ", misbehaves ? "" : answerName(record.answer));
}

[[noreturn]] void endAs(const End& end) {
  if (!WIFSIGNALED(end.status)) _exit(WEXITSTATUS(end.status));
  std::signal(WTERMSIG(end.status), SIG_DFL);
  raise(WTERMSIG(end.status));
  _exit(128 + WTERMSIG(end.status));
}

}  // namespace

// What is found at the very end (a leak) is told yet: it is never given back.
Slate& slate() {
  static Slate& slate = *new Slate(given);
  return slate;
}

bool isAskedAlone() { return alone; }

void beWatched(char** arguments) {
  if (const char* const set = std::getenv(kSlate); set != nullptr) {
    given = std::atoi(set);
    alone = std::string_view(set).ends_with("alone");
    unsetenv(kSlate);  // a process that this one begins has a slate of its own
    fcntl(*given, F_SETFD, FD_CLOEXEC);
    slate().record().attached = true;
    std::atexit([] { slate().record().ended = true; });
    return;
  }
  if (isTraced() || std::getenv("__AFL_SHM_ID") != nullptr) return;
  Slate::Record& record = slate().record();
  sigset_t before;
  const sigset_t ours = signalsOfOurs();
  sigprocmask(SIG_BLOCK, &ours, &before);
  const pid_t child = begin(slate().file(), arguments, false, before);
  if (child < 0) {
    sigprocmask(SIG_SETMASK, &before, nullptr);
    return;
  }
  const End end = watched(child, record);
  if (!record.attached) {  // this system does not let a program begin itself again
    sigprocmask(SIG_SETMASK, &before, nullptr);
    std::fputs("nobody watches the matcher: one that ends the process goes unnoticed\n", stderr);
    return;
  }
  if (record.stage == Slate::Stage::loading && !end.interrupted) refuseToLoad(end);
  if (record.declined > 0)
    std::fprintf(stderr, "your matcher declined %llu of %llu questions\n",
                 static_cast<unsigned long long>(record.declined), static_cast<unsigned long long>(record.questions));
  if (record.isWrong && !record.found) {
    std::fputs("your matcher was found to be wrong, and closed what says how; it was asked this:\n", stderr);
    writeLine(stderr, slate().question());
    record.found = true;
  } else if (!record.found && endedSilently(end, record)) {
    std::fprintf(stderr, "%s%s:\n", silently(end).c_str(),
                 record.questions == 0 ? ", before it was asked anything" : "");
    if (record.questions > 0) writeLine(stderr, slate().question());
    record.found = !mayBeFromOutside(end);
    record.misbehaved = true;
  }
  if (!record.found) endAs(end);
  if (WIFEXITED(end.status)) askAlone(arguments, before);
  _exit(kFound);
}

}  // namespace relayproof::fuzz
