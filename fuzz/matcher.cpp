#include "fuzz/matcher.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include "certs/document.h"
#include "fuzz/arena.h"
#include "fuzz/watch.h"

extern "C" {
__attribute__((weak)) decltype(relay_match_name) relay_match_name;
__attribute__((weak)) decltype(relay_match_certificate) relay_match_certificate;
}

namespace relayproof::fuzz {
namespace {

// While the matcher runs: what it was asked stands on the slate.
bool isAsked = false;
constexpr int kPatience = 5;  // seconds

// Standard error as it was at the first question: a matcher may close it.
std::FILE* errors() {
  constexpr int kOutOfTheWay = 200;
  static std::FILE* const kept = [] {
    const int copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, kOutOfTheWay);
    std::FILE* const file = copy < 0 ? nullptr : fdopen(copy, "w");
    return file == nullptr ? stderr : file;
  }();
  return kept;
}

void tell(const Question& question, const char* what) {
  slate().record().isWrong = true;
  std::fprintf(errors(), "%s:\n", what);
  writeLine(errors(), question);
  slate().record().found = std::fflush(errors()) == 0;
}

// Once, whichever of the hooks below comes first.
void blame(const char* what) {
  if (!isAsked) return;
  isAsked = false;
  slate().record().misbehaved = true;
  tell(slate().question(), what);
}

void blameForLeak() {
  isAsked = Matcher::isThere() && slate().record().questions > 0;
  blame("memory is not given back: does your matcher free what it takes? Asked last was");
}

std::array<struct sigaction, NSIG> handlersBefore;

const char* meaningOf(int signal, const siginfo_t& info) {
  if (signal == SIGSEGV && slate().holds(info.si_addr)) return "your matcher writes into what it is given to read";
  switch (signal) {
    case SIGABRT:
      return "your matcher aborts";
    case SIGFPE:
      return "your matcher crashes (arithmetic)";
    case SIGILL:
      return "your matcher crashes (an instruction that there is not, or a trap)";
    case SIGALRM:
      return "your matcher hangs: no answer within 5 seconds";
    default:
      return "your matcher crashes (memory that is not its own: does it read or write past a size?)";
  }
}

// Every second: is it the same question as all the time? One in which the process was stopped does not count.
bool isStill() {
  static std::uint64_t question = 0;
  static int seconds = 0;
  const std::uint64_t now = slate().record().questions;
  seconds = isAsked && now == question ? seconds + 1 : 0;
  question = now;
  return seconds > kPatience;
}

// Says which question it was, and leaves the rest to whoever was asked before: ASan, libFuzzer, the system.
void onSignal(int signal, siginfo_t* info, void* context) {
  if (signal != SIGALRM) {
    blame(meaningOf(signal, *info));
  } else if (isStill()) {
    blame(meaningOf(signal, *info));
    std::abort();
  }
  const struct sigaction& old = handlersBefore[static_cast<std::size_t>(signal)];
  if ((old.sa_flags & SA_SIGINFO) != 0 && old.sa_sigaction != nullptr) {
    old.sa_sigaction(signal, info, context);
  } else if (signal != SIGALRM) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

// At the first question: libFuzzer has put its own handlers in place by then.
void watch() {
  errors();
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM}) {
    struct sigaction ours = {};
    ours.sa_sigaction = onSignal;
    ours.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(signal, &ours, &handlersBefore[static_cast<std::size_t>(signal)]);
  }
  constexpr itimerval kTick{{1, 0}, {1, 0}};
  setitimer(ITIMER_REAL, &kTick, nullptr);
  std::atexit([] { blame("your matcher exits"); });
}

// Is this the process that the page was made in? In one that was forked off it reads 0.
bool isOriginal() {
  static volatile bool* const mark = [] {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    void* const place = mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED || madvise(place, page, MADV_WIPEONFORK) != 0) return static_cast<volatile bool*>(nullptr);
    *static_cast<volatile bool*>(place) = true;
    return static_cast<volatile bool*>(place);
  }();
  return mark == nullptr || *mark;
}

// The original goes on as if nothing had been: it is ended too.
void endCopy(const Question& question) {
  static const pid_t original = getpid();
  if (isOriginal()) return;
  slate().record().misbehaved = true;
  // libFuzzer may be in the middle of a line.
  if (!slate().record().found.exchange(true)) tell(question, "\nyour matcher forks, and both processes answer");
  kill(original, SIGKILL);
  _exit(1);
}

[[noreturn]] void refuse(const std::string& why) {
  std::fprintf(stderr, "RELAYPROOF_MATCHER: %s\n", why.c_str());
  std::exit(2);
}

template <class Function>
Function* functionOf(void* library, const char* name) {
  return reinterpret_cast<Function*>(dlsym(library, name));
}

Matcher load(const std::string& path) {
  const auto octets = readFile(path);
  if (!octets) refuse(octets.error().text());
  slate().record().stage = Slate::Stage::loading;
  void* library =
      dlopen(path.find('/') == std::string::npos ? ("./" + path).c_str() : path.c_str(), RTLD_NOW | RTLD_LOCAL);
  slate().record().stage = Slate::Stage::quiet;
  if (library == nullptr) refuse(std::string(dlerror()) + "\n  build it with  clang-19 -shared -fPIC");
  const Matcher matcher{functionOf<decltype(relay_match_name)>(library, "relay_match_name"),
                        functionOf<decltype(relay_match_certificate)>(library, "relay_match_certificate")};
  if (matcher.name == nullptr && matcher.certificate == nullptr)
    refuse(path +
           " exports neither relay_match_name nor relay_match_certificate (of C++ they have to be extern \"C\")");
  const auto* abi = static_cast<const int*>(dlsym(library, "relay_matcher_abi"));
  if (abi != nullptr && *abi != RELAY_MATCHER_ABI)
    refuse(path + " was built with version " + std::to_string(*abi) +
           " of relay_matcher.h, and this program with version " + std::to_string(RELAY_MATCHER_ABI) +
           ": build it anew");
  if (abi == nullptr)
    std::fprintf(stderr, "%s says no version (relay_matcher_abi): taken for version %d; include relay_matcher.h\n",
                 path.c_str(), RELAY_MATCHER_ABI);
  const bool instrumented = octets->find("__sanitizer_cov_") != std::string::npos;
  std::fprintf(stderr, "matcher: %s, %s\n", path.c_str(),
               instrumented ? "instrumented"
                            : "not instrumented, and so fuzzed blind; for more finds build it with  "
                              "clang-19 -g -O1 -fsanitize=fuzzer-no-link,address -shared -fPIC");
  return matcher;
}

const char* libraryNamed() {
  const char* const path = std::getenv("RELAYPROOF_MATCHER");
  return path != nullptr && *path != '\0' ? path : nullptr;
}

Matcher find() {
  if (const char* path = libraryNamed(); path != nullptr) return load(path);
  if (relay_match_name != nullptr || relay_match_certificate != nullptr)
    std::fprintf(stderr, "matcher: the linked one\n");
  return {relay_match_name, relay_match_certificate};
}

int call(const Matcher& matcher, const Question& question) {
  const std::uint8_t *subject = slate().subject(), *pattern = slate().pattern();
  if (!question.certificate.empty())
    return matcher.certificate(subject, question.certificate.size(), pattern, question.pattern.size());
  const int kind = question.kind == certs::IdentifierKind::commonName ? RELAY_CN : RELAY_DNS_ID;
  return matcher.name(kind, subject, question.presented.size(), pattern, question.pattern.size());
}

}  // namespace

bool Matcher::isThere() {
  return libraryNamed() != nullptr || relay_match_name != nullptr || relay_match_certificate != nullptr;
}

const Matcher& Matcher::yours() {
  static const Matcher matcher = find();
  return matcher;
}

int ask(const Matcher& matcher, const Question& question) {
  static const bool watched = (watch(), endCopy(question), true);
  (void)watched;
  Slate::Record& record = slate().record();
  if (!slate().put(question)) return RELAY_DECLINES;
  ++record.questions;
  const Arena::Outside theirs;
  isAsked = true;
  record.stage = Slate::Stage::asked;
  const int first = call(matcher, question);
  endCopy(question);
  const int second = call(matcher, question);
  endCopy(question);
  isAsked = false;
  record.stage = Slate::Stage::quiet;
  for (const int answer : {first, second})
    if (answer < RELAY_DECLINES || answer > RELAY_MATCH)
      report(question, ("your matcher answers " + std::to_string(answer) + ", which is none of the answers").c_str());
  if (first != second)
    report(question, (std::string("your matcher does not answer alike when asked twice: first ") + answerName(first) +
                      ", then " + answerName(second))
                         .c_str());
  if (first == RELAY_DECLINES) ++record.declined;
  return first;
}

void report(const Question& question, const char* what, std::optional<int> answer) {
  slate().put(question);
  slate().record().misbehaved = !answer;
  slate().record().answer = answer.value_or(0);
  tell(question, what);
  std::abort();
}

const char* answerName(int answer) {
  switch (answer) {
    case RELAY_MATCH:
      return "match";
    case RELAY_NO_MATCH:
      return "no match";
    case RELAY_MALFORMED:
      return "malformed";
    default:
      return "declines";
  }
}

}  // namespace relayproof::fuzz

// ASan and UBSan call these before they say what is wrong and end the program.
extern "C" {
void __asan_on_error();
void __asan_on_error() {
  relayproof::fuzz::blame("your matcher touches memory that is not its own (ASan says more below)");
}
void __ubsan_on_report();
void __ubsan_on_report() {
  relayproof::fuzz::blame("your matcher does what C leaves undefined (UBSan says more below)");
}
// Where a sanitizer gives up on a call that it watches, such as printf, or finds a leak behind an execution, none of
// the others is called.
void __sanitizer_on_print(const char* text);
void __sanitizer_on_print(const char* text) {
  if (std::strstr(text, "LeakSanitizer: detected memory leaks") != nullptr) relayproof::fuzz::blameForLeak();
  if (std::strstr(text, "CHECK failed") != nullptr)
    relayproof::fuzz::blame("your matcher crashes (a sanitizer gives up on what it calls, and says more below)");
}
// The exit status is libFuzzer's, whoever finds it.
const char* __asan_default_options();
const char* __asan_default_options() { return "exitcode=77"; }
}
