#include "runners/relayproof/line_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>
#include <thread>

#include "certs/identifiers.h"
#include "runners/relayproof/command.h"

namespace relayproof {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kLongestAnswer = std::size_t{1} << 20;  // octets
constexpr std::chrono::seconds kGrace{1};                     // from the end of its pipes to its own end

// Whoever interrupts us must not leave a program behind that hangs.
volatile std::sig_atomic_t groupToEnd = 0;

void endGroupAndUs(int) {
  if (groupToEnd > 0) kill(-groupToEnd, SIGKILL);
  _exit(status::kInterrupted);
}

struct Pipe {
  int reading = -1;
  int writing = -1;
};

Pipe makePipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "no pipe");
  return {ends[0], ends[1]};
}

pid_t spawnShell(const std::string& command, int input, int output) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  sigset_t ours;  // we ignore SIGPIPE, which a program inherits
  sigemptyset(&ours);
  sigaddset(&ours, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &ours);
  std::array<std::string, 3> words{"sh", "-c", command};
  const std::array<char*, 4> arguments{words[0].data(), words[1].data(), words[2].data(), nullptr};
  pid_t pid = 0;
  const int error = posix_spawn(&pid, "/bin/sh", &files, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) throw std::system_error(error, std::generic_category(), "/bin/sh");
  return pid;
}

// Waits for the end of a child and leaves it to be reaped, so that its number stays its own. nullopt: it goes on.
std::optional<siginfo_t> endOf(pid_t pid) {
  const auto deadline = Clock::now() + kGrace;
  for (;;) {
    siginfo_t end{};
    if (waitid(P_PID, static_cast<id_t>(pid), &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid == pid) return end;
    if (Clock::now() >= deadline) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

std::string saidSoFar(const std::string& text) {
  return text.empty() ? "" : fmt::format("; without a line feed: {}", certs::escaped(text.substr(0, 200)));
}

}  // namespace

LineProcess::LineProcess(const std::string& command) {
  const Pipe questions = makePipe();
  const Pipe answers = makePipe();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, endGroupAndUs);
  pid_ = spawnShell(command, questions.reading, answers.writing);
  groupToEnd = pid_;
  close(questions.reading);
  close(answers.writing);
  input_ = questions.writing;
  output_ = answers.reading;
  for (const int end : {input_, output_}) fcntl(end, F_SETFL, O_NONBLOCK);
}

LineProcess::~LineProcess() {
  close(input_);
  close(output_);
  endOf(pid_);
  kill(-pid_, SIGKILL);
  groupToEnd = 0;
  waitpid(pid_, nullptr, 0);
}

Heard LineProcess::ask(std::string_view line, std::chrono::seconds timeout) {
  const auto deadline = Clock::now() + timeout;
  const std::string question = std::string(line) + "\n";
  for (std::size_t sent = 0;;) {
    if (sent < question.size()) {
      const ssize_t n = write(input_, question.data() + sent, question.size() - sent);
      if (n > 0) sent += static_cast<std::size_t>(n);
      if (n < 0 && errno == EPIPE) sent = question.size();  // it reads no more: its output says how it ended
    }
    const std::size_t end = unread_.find('\n');
    if (sent == question.size() && end != std::string::npos) {
      Heard heard{unread_.substr(0, end)};
      unread_.erase(0, end + 1);
      return heard;
    }
    if (unread_.size() > kLongestAnswer) return {std::nullopt, "says more than 1 MiB" + saidSoFar(unread_)};

    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0)
      return {std::nullopt, fmt::format("did not answer within {} s{}", timeout.count(), saidSoFar(unread_))};
    std::array<pollfd, 2> ends{{{output_, POLLIN, 0}, {sent < question.size() ? input_ : -1, POLLOUT, 0}}};
    poll(ends.data(), ends.size(), static_cast<int>(left));
    if (ends[0].revents == 0) continue;
    std::array<char, 4096> octets{};
    const ssize_t n = read(output_, octets.data(), octets.size());
    if (n > 0) unread_.append(octets.data(), static_cast<std::size_t>(n));
    if (n == 0) return outputEnded();
  }
}

Heard LineProcess::outputEnded() const {
  const auto end = endOf(pid_);
  if (!end) return {std::nullopt, "closed its output" + saidSoFar(unread_)};
  const int number = end->si_status;
  if (end->si_code == CLD_EXITED)
    return {std::nullopt, fmt::format("exited with status {}{}", number, saidSoFar(unread_)), number};
  return {std::nullopt, fmt::format("was ended by signal {} ({}){}", number, strsignal(number), saidSoFar(unread_))};
}

}  // namespace relayproof
