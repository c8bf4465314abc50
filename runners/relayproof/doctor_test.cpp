// `relayproof doctor` against the reference relay, set up rightly and wrongly.

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <set>
#include <stdexcept>
#include <string>

#include "runners/relayproof/test_support.h"

namespace relayproof {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

/// `relayproof relay` on a port of its own, ended by its pid.
class RelayProcess {
 public:
  explicit RelayProcess(const std::string& options) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      const std::string command = "exec " + kProgram + " relay --listen 127.0.0.1:0 " + options;
      execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
      _exit(127);
    }
    close(ends[1]);
    std::FILE* said = fdopen(ends[0], "r");
    char line[200] = {};
    if (std::fgets(line, sizeof line, said) != nullptr)
      target_ = std::string(line).substr(std::string("listening on ").size());
    std::fclose(said);
    while (!target_.empty() && target_.back() == '\n') target_.pop_back();
  }
  ~RelayProcess() {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }
  RelayProcess(const RelayProcess&) = delete;
  RelayProcess& operator=(const RelayProcess&) = delete;
  const std::string& target() const { return target_; }

 private:
  pid_t pid_ = 0;
  std::string target_;
};

class DoctorProgram : public Program {
 protected:
  static Ran examine(const std::string& relayOptions, const std::string& doctorOptions) {
    const RelayProcess relay(relayOptions);
    return run("doctor --target " + relay.target() + " " + doctorOptions);
  }
};

TEST_F(DoctorProgram, ARelayThatIsSetUpRightly) {
  const Ran ran = examine("", "--format json");
  EXPECT_EQ(ran.status, 0) << ran.output;
  const Json findings = Json::parse(ran.output)["findings"];
  std::set<std::string> ok;
  for (const Json& finding : findings) {
    EXPECT_NE(finding["state"], "problem") << finding;
    if (finding["state"] == "ok") ok.insert(finding["check"]);
  }
  for (const char* check : {"connect", "tls", "certificate-request", "controls.nothing", "controls.by-certificate",
                            "addresses", "speed", "deny-stage"})
    EXPECT_THAT(ok, Contains(check));
}

TEST_F(DoctorProgram, OurAuthorityIsNotTrusted) {
  for (const char* relay : {"", "--refuse-tls alert", "--refuse-tls 421"}) {
    const Ran ran = examine(relay, "--seed 7");
    EXPECT_EQ(ran.status, 2) << "an address relays all the same: " << ran.output;
    EXPECT_THAT(ran.output, AllOf(HasSubstr("problem  controls.by-certificate: "), HasSubstr("--seed")));
  }
}

TEST_F(DoctorProgram, TheTenancyIsAnother) {
  const Ran ran = examine("--tenancy " + file("t.json", R"({"tenants":[],"trustAnchors":[]})"), "");
  EXPECT_EQ(ran.status, 4) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("is the plan's tenancy loaded?"));
}

TEST_F(DoctorProgram, ATargetIsNeeded) {
  const Ran ran = run("doctor");
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, HasSubstr("--target: is missing"));
}

}  // namespace
}  // namespace relayproof
