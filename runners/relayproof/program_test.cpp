// The program as a user runs it: exit statuses, messages, files.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "certs/digest.h"
#include "certs/document.h"
#include "runners/relayproof/sanitized.h"
#include "runners/relayproof/test_support.h"

namespace relayproof {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

std::set<std::string> idsWith(const Json& report, const std::string& outcome) {
  std::set<std::string> ids;
  for (const Json& result : report["results"])
    if (result["outcome"] == outcome) ids.insert(result["id"]);
  return ids;
}

// A port of 127.0.0.1 on which nobody listens.
int closedPort() {
  const int probe = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(probe, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
  close(probe);
  return ntohs(address.sin_port);
}

constexpr const char* kAsTheyStand = " --exclude tag:guise ";

TEST_F(Program, WholeCatalogueAgainstTheReferenceRelay) {
  const Ran ran =
      run(std::string("run") + (kSanitized ? kAsTheyStand : "") + " --report json:" + file("r.json") +
          " --report junit:" + file("r.xml") + " --report html:" + file("r.html") + " --journal " + file("r.jsonl"));
  EXPECT_EQ(ran.status, 0) << ran.output;
  const Json report = json("r.json");
  EXPECT_GE(report["summary"]["pass"], 150);
  EXPECT_THAT(idsWith(report, "fail"), testing::IsEmpty());
  EXPECT_THAT(idsWith(report, "inconclusive"), testing::IsEmpty());
  EXPECT_THAT(idsWith(report, "error"), testing::IsEmpty());
  EXPECT_EQ(report["passingOnSeen"], true);

  EXPECT_EQ(run("report convert " + file("r.jsonl") + " --report json:" + file("j.json")).status, 0);
  EXPECT_EQ(json("j.json")["summary"], report["summary"]);
}

struct Form {
  bool asTheyStand;  ///< every case, and no guise of it
  const char* how;
};
void PrintTo(const Form& form, std::ostream* out) { *out << form.how; }

class RightInManyForms : public Program, public testing::WithParamInterface<Form> {};
TEST_P(RightInManyForms, IsNotAccused) {
  const auto [asTheyStand, how] = GetParam();
  // Under ASan a form is a quarter of the cases, each form another: there it is for faults of memory.
  const std::size_t quarter = std::hash<std::string_view>{}(how) % 4;
  const Ran ran = run(std::string("run --quiet --report json:") + file("r.json") + " " + how +
                      (asTheyStand || kSanitized ? kAsTheyStand : "") +
                      (kSanitized ? fmt::format(" --shard {}/4", quarter + 1) : ""));
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(idsWith(json("r.json"), "inconclusive"), testing::IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(
    Program, RightInManyForms,
    testing::Values(Form{true, "--deny-stage mail"}, Form{false, "--deny-stage rcpt"}, Form{true, "--deny-stage data"},
                    Form{true, "--deny-stage endOfData"}, Form{true, "--refuse-tls alert"},
                    Form{true, "--refuse-tls 421"}, Form{true, "--refuse-tls close"},
                    Form{false, "--deny-stage endOfData --refuse-tls alert"}, Form{true, "--profile exo-2023"},
                    Form{true, "--profile exo-2026"}, Form{true, "--profile rfc6125"}, Form{false, "--profile strict"},
                    Form{false, "--no-data"}, Form{false, "--tenants one"}, Form{false, "--jobs 1 --filter 'names.*'"},
                    Form{true, "--strict"}, Form{false, "--tls implicit"}),
    [](const auto& one) {
      std::string name;
      for (const char c : std::string_view(one.param.how))
        name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
      return name;
    });

// What is wrong in one guise alone is found there, and told with the way to play it again.
TEST_F(Program, AMistakeThatOnlyAGuiseShows) {
  const std::string bug = "run --quiet --bug bdat-skips-verdict --filter ";
  EXPECT_EQ(run(bug + "names.dns.another-host").status, 0);
  const Ran ran = run(bug + "names.dns.another-host~extended");
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.output, HasSubstr("fail (hole) names.dns.another-host~extended"));
  EXPECT_THAT(ran.output,
              HasSubstr("relayproof run --bug bdat-skips-verdict --filter names.dns.another-host~extended"));
  EXPECT_EQ(run(bug + "names.dns.another-host~basic").status, 0);
  EXPECT_EQ(run(bug + "'names.dns.another-host~*' --without chunking").status, 0);
  EXPECT_THAT(run("explain names.dns.another-host~extended").output, HasSubstr("BDAT where it is offered"));
}

TEST_F(Program, UsageErrors) {
  const struct {
    const char* arguments;
    const char* says;
  } rows[] = {
      {"", "no command is named"},
      {"runn", "runn"},
      {"run --no-such-option", "--no-such-option"},
      {"run --jobs zero", "--jobs: \"zero\" is no whole number"},
      {"run --rate often", "--rate: \"often\" is no number"},
      {"run --rate 0.001", "rate: must be a number of sessions a second from 0.01 to 10000"},
      {"run --settle nan", "--settle: \"nan\" is no number"},
      {"run --settle 600.5", "settle: must be a number of seconds from 0 to 600"},
      {"run --report pdf:x", "formats: json, junit, tap, markdown, html, sarif"},
      {"run --report json", "FORMAT:FILE"},
      {"run --target nowhere", "not of the form HOST:PORT"},
      {"run --target 192.0.2.1:25", "--i-operate-this-relay"},
      {"run --target mx.example:25", "outside 127.0.0.0/8"},
      {"run --profile exo-2018", "exo-2018"},
      {"run --without second-tenants", "did you mean \"second-tenant\"?"},
      {"run --bug no-such-bug", "no-such-bug"},
      {"run --setup /no/such/setup.json", "/no/such/setup.json: cannot be read"},
      {"run --tenants two", "known here: all, one"},
      {"run --recipients external=nobody", "recipients.external: \"nobody\" is no mail address"},
      {"run --addresses a=127.0.0.2 --addresses a=127.0.0.3", "--addresses: names \"a\" twice"},
      {"run --dry-run --target 192.0.2.1:25", "--i-operate-this-relay"},
      {"run --keylog /no/such/folder/keys", "/no/such/folder/keys: cannot be written"},
      {"list --format xml", "known: text, json"},
      {"list --sources --filter names.dns.exact", "--sources: lists every source, and --filter selects cases"},
      {"relay --bugs --format xml", "known: text, json"},
      {"explain names.dns.exakt", "did you mean names.dns.exact?"},
      {"plan --format yaml", "known: json, markdown, csv"},
      {"certs frobnicate", "known:"},
      {"relay", "--listen: is missing"},
      {"relay --listen 127.0.0.1:0 --profile exo-2018", "exo-2018"},
      {"relay --listen 127.0.0.1:0 --deny-reply 550", "choose one of 550-5.7.64, policy5xx"},
      {"relay --listen 127.0.0.1:0 --crl /no/such.crl --crl x", "/no/such.crl: cannot be read"},
      {"match --compare ''", "--compare: is empty; name the command that starts your matcher"},
      {"match --table", "--table: is about a matcher of yours; name it by --compare COMMAND"},
      {"match --timeout 3", "--timeout: is about a matcher of yours"},
      {"match --compare true --timeout 0", "--timeout: \"0\" is no whole number from 1 to 3600"},
      {"verdict --tenancy /no/such/tenancy.json", "/no/such/tenancy.json: cannot be read"},
      {"report convert /no/such/report.json --report json:x", "/no/such/report.json"},
  };
  for (const auto& row : rows) {
    const Ran ran = run(row.arguments);
    EXPECT_EQ(ran.status, 2) << row.arguments << "\n" << ran.output;
    EXPECT_THAT(ran.output, HasSubstr(row.says)) << row.arguments;
  }
}

TEST_F(Program, RatesAndSecondsMayBeFractions) {
  const Ran ran = run("run --dry-run --rate 0.5 --settle 1.5");
  EXPECT_EQ(ran.status, 0) << ran.output;
}

// Who starts us may ignore the ends of children, which the system then forgets.
TEST_F(Program, TheEndOfACommandOfTheUserIsSeen) {
  const auto healthy = [](const std::string& command) {
    return shell("trap '' CHLD; " + kProgram + " run --filter names.dns.exact --health-command " + command);
  };
  const Ran well = healthy("true"), ill = healthy("false");
  EXPECT_EQ(well.status, 0) << well.output;
  EXPECT_NE(ill.status, 0) << ill.output;
}

TEST_F(Program, WhatASingleTenantCannotCarryIsNamed) {
  const Ran none = run("run --tenants one --filter tenancy.two.both-names");
  EXPECT_EQ(none.status, 3);
  EXPECT_THAT(none.output, HasSubstr("this set-up can carry none of these cases"));
  const Json plan = Json::parse(run("plan --tenants one").output);
  EXPECT_EQ(plan["tenants"].size(), 1u);
  EXPECT_THAT(plan["dropped"].dump(), HasSubstr("\"tenancy.two.both-names\""));
  EXPECT_THAT(run("explain --tenants one tenancy.two.both-names").output,
              HasSubstr("Dropped for a single tenant: tenancy.two.both-names: in one tenant external has relay"));
}

TEST_F(Program, SetupErrorsNameFileLineAndKey) {
  EXPECT_THAT(run("run --setup " + file("a.json", "{\"target\":\n\n,}")),
              testing::Field(&Ran::output, HasSubstr("a.json:3: no valid JSON")));
  const Ran ran = run("run --setup " + file("b.json", R"({"targt":"127.0.0.1:25"})"));
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, AllOf(HasSubstr("b.json: targt"), HasSubstr("did you mean \"target\"?")));
  EXPECT_THAT(run("run --setup " + file("c.json", R"({"addresses":{"stranger":"localhost"}})")).output,
              HasSubstr("addresses.stranger"));
}

TEST_F(Program, PlanLeavesAFolderThatIsNotEmptyAlone) {
  file("mine.txt", "mine");
  const Ran ran = run("plan --out " + folder_.string());
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, HasSubstr("is not empty"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
  EXPECT_EQ(run("plan --force --out " + folder_.string()).status, 0);
}

TEST_F(Program, TenancyErrorsNameTheKey) {
  const Ran ran = run("relay --listen 127.0.0.1:0 --tenancy " +
                      file("t.json", R"({"tenants":[{"id":"a","acceptedDomains":[{"name":"test"}]}]})"));
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, HasSubstr("acceptedDomains"));
}

TEST_F(Program, PrivateCasesAreReadAndTheirErrorsNamed) {
  fs::create_directory(folder_ / "cases");
  file("cases/mine.json", R"({"family":"mine","cases":{"a":{"why":"No source.","expect":{"all":["deny"]}}}})");
  const Ran ran = run("list --cases " + file("cases"));
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, HasSubstr("mine.json"));
}

TEST_F(Program, AClashOfTenanciesIsLaidToThePrivateFolder) {
  fs::create_directory(folder_ / "cases");
  file("cases/mine.json",
       R"({"family":"mine","title":"Mine","tenants":[{"id":"mine","acceptedDomains":[{"name":"mail.names-cn.test"}]}],
      "cases":{}})");
  const Ran ran = run("list --cases " + file("cases"));
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, HasSubstr(file("cases") + ": tenants["));
}

TEST_F(Program, ARunThatIsRefusedLeavesNoReport) {
  const std::string known = R"({"schema":"relayproof.expectations/1","expectations":[{"id":"*","profile":"exo-2071",
      "outcome":"fail","observed":"deny","reason":"r"}]})";
  const Ran ran = run("run --report json:" + folder_.string() + "/r.json --expectations " + file("e.json", known));
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, HasSubstr("profile: there is no profile \"exo-2071\"; did you mean"));
  EXPECT_FALSE(fs::exists(folder_ / "r.json"));
}

TEST_F(Program, AReaderThatHasSeenEnoughIsNoError) {
  const std::string program = kProgram + " list 2>&1 >" + file("fifo");
  ASSERT_EQ(mkfifo(file("fifo").c_str(), 0600), 0);
  std::thread reader([&] { std::ifstream(file("fifo")).get(); });
  std::FILE* pipe = popen(program.c_str(), "r");
  std::array<char, 256> said{};
  const std::size_t size = std::fread(said.data(), 1, said.size(), pipe);
  pclose(pipe);
  reader.join();
  EXPECT_EQ(std::string(said.data(), size), "");
}

// What a user of --cases has written by hand is held against the core as ours is by a test.
TEST_F(Program, APrivateCaseThatTheRuleContradictsIsAnError) {
  fs::create_directory(folder_ / "cases");
  const auto withExpectation = [&](const std::string& expected, const std::string& source) {
    file("cases/mine.json", R"({"family":"mine","title":"Mine","tenants":[{"id":"mine",
      "acceptedDomains":[{"name":"mail.mine.test"}],
      "inboundConnectors":[{"name":"exact","tlsSenderCertificateName":"mail.mine.test"}]}],
      "defaults":{"certificate":{"dns":["mail.mine.test"]},"sources":[")" +
                                source + R"("],"since":"0.1"},
      "cases":{"one":{"why":"The exact name.","expect":{"all":[")" +
                                expected + R"("]},"twin":"controls.by-certificate"}}})");
    return run("run --quiet --filter 'mine.*' --cases " + file("cases"));
  };
  const Ran wrong = withExpectation("deny", "exo2017-3b");
  EXPECT_EQ(wrong.status, 2) << wrong.output;
  EXPECT_THAT(wrong.output, HasSubstr("mine.one"));
  const Ran unknown = withExpectation("relay 3b", "no-such-source");
  EXPECT_EQ(unknown.status, 2) << unknown.output;
  EXPECT_THAT(unknown.output, HasSubstr("no-such-source"));
}

TEST_F(Program, ASetupWithoutTargetIsNoPassOfAnotherRelay) {
  const Ran ran = run("run --setup " + file("s.json", R"({"nextHop":"127.0.0.1:0"})"));
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, HasSubstr("s.json: target: is missing"));
}

TEST_F(Program, AFailureIsPlayedAgainAgainstTheSameRelay) {
  const Ran ran = run("run --quiet --seed 5 --bug nul-in-dns --filter hostile.names.nul-suffix");
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.output, HasSubstr("relayproof run --seed 5 --bug nul-in-dns --filter hostile.names.nul-suffix"));
  EXPECT_THAT(ran.output, HasSubstr("relayproof certs --out by-hand/hostile.names.nul-suffix --force --seed 5"));
}

TEST_F(Program, NothingSelectedIsThree) {
  EXPECT_EQ(run("certs --filter no.such.fixture --out " + file("none")).status, 3);
  EXPECT_EQ(run("run --filter no.such.case").status, 3);
  EXPECT_EQ(run("list --filter no.such.case").status, 3);
}

TEST_F(Program, UnreachableTargetIsFourAndSaysWhatWasTried) {
  const std::string target = "127.0.0.1:" + std::to_string(closedPort());
  const Ran ran = run("run --timeout 2 --target " + target);
  EXPECT_EQ(ran.status, 4) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr(target));
  EXPECT_THAT(run("run --quiet --timeout 2 --target " + target).output, HasSubstr("cannot connect to " + target));
}

TEST_F(Program, InterruptedIs130AndKeepsWhatIsFinished) {
  const pid_t child = fork();
  if (child == 0) {
    const std::string report = "json:" + file("r.json");
    const std::string journal = file("r.jsonl");
    if (!std::freopen("/dev/null", "w", stdout)) _exit(126);
    execl(kProgram.c_str(), kProgram.c_str(), "run", "--jobs", "1", "--report", report.c_str(), "--journal",
          journal.c_str(), nullptr);
    _exit(127);
  }
  // The signal falls as soon as the journal holds a few cases: the run is then under way and far from its end.
  for (int waited = 0; waited < 600; ++waited) {
    const auto journal = readFile(file("r.jsonl"));
    if (journal && std::count(journal->begin(), journal->end(), '\n') > 6) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  kill(child, SIGINT);
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
  const Json report = json("r.json");
  EXPECT_GE(report["results"].size(), 5u);
  EXPECT_EQ(run("report convert " + file("r.jsonl") + " --report json:" + file("j.json")).status, 0);
  EXPECT_EQ(json("j.json")["results"].size(), report["results"].size());
}

TEST_F(Program, CertificatesLeaveAFullFolderAlone) {
  fs::create_directory(folder_ / "full");
  file("full/mine.txt", "mine");
  EXPECT_EQ(run("certs --out " + file("full")).status, 2);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "full"), fs::directory_iterator{}), 1);

  EXPECT_EQ(run("certs --filter 'names.dns.*' --out " + file("set")).status, 0);
  EXPECT_EQ(run("certs --filter 'names.dns.*' --out " + file("set")).status, 2);
  EXPECT_EQ(run("certs --filter 'names.dns.*' --force --out " + file("set")).status, 0);
  struct stat key{};
  ASSERT_EQ(stat(file("set/names.dns.default.key.pem").c_str(), &key), 0);
  EXPECT_EQ(key.st_mode & 0777, 0600u);
}

TEST_F(Program, CoreSetIsTheSameOnEveryMachine) {
  EXPECT_EQ(run("certs --out " + file("set")).status, 0);
  EXPECT_GE(json("set/manifest.json")["certificates"].size(), 80u);
  // One fixture of each kind of key and string stands for the way that all are made.
  const Json pinned = Json::parse(*readFile(RELAYPROOF_SOURCE_DIR "/corpus/blueprints/core.sha256.json"));
  EXPECT_GE(pinned.size(), 50u);
  for (const auto& [name, digest] : pinned.items())
    EXPECT_EQ(certs::hex(certs::digest(certs::Hash::sha256, {*readFile(file("set/" + name))})),
              digest.get<std::string>())
        << name;
}

// Their manifests hold the digest of every other file.
TEST_F(Program, EverySetIsTheSameOnEveryMachine) {
  for (const std::string name : {"names", "hostile", "pki"}) {
    ASSERT_EQ(run("certs --set " + name + " --out " + file(name)).status, 0);
    const Json pinned = Json::parse(*readFile(RELAYPROOF_SOURCE_DIR "/corpus/blueprints/" + name + ".sha256.json"));
    EXPECT_EQ(certs::hex(certs::digest(certs::Hash::sha256, {*readFile(file(name + "/manifest.json"))})),
              pinned["manifest.json"].get<std::string>())
        << name;
  }
}

TEST_F(Program, ShowMakesTheTrapVisible) {
  const auto show = [](const std::string& arguments) {
    const Ran ran = run("certs show --set " + arguments);
    EXPECT_EQ(ran.status, 0) << arguments;
    return ran.output;
  };
  EXPECT_THAT(show("hostile octet.nul.cn-bmp.before-suffix"),
              AllOf(HasSubstr("sources: cve-2009-2408"), HasSubstr("\\x00t\\x00\\x00\\x00.\\x00e"),
                    HasSubstr("  CN \"mail.contoso.test\\x00.elsewhere.test\": malformed, holds a NUL\n")));
  EXPECT_THAT(show("hostile many.64k-first"),
              AllOf(HasSubstr("  DNS-ID \"mail.contoso.test\": matches mail.contoso.test (the same name)\n"),
                    HasSubstr("  2399 that match no connector\n")));
  EXPECT_THAT(show("hostile length.cn.long-form"),
              AllOf(HasSubstr("subject  undecodable"), HasSubstr("identifiers: none")));
  EXPECT_THAT(show("hostile san.twice-right-first"), HasSubstr("  subjectAltName is malformed"));
  EXPECT_THAT(show("names dns-only.ia5.trailing-dot.equal"),
              HasSubstr("may match mail.contoso.test (hangs on trailingDot"));
  EXPECT_THAT(run("certs show names.dns.default").output, HasSubstr("verdicts: {\"exo-2017\""));
}

TEST_F(Program, ASetThatIsNotThereIsSaidToBeMissing) {
  const auto ran = run("certs list --set name");
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, HasSubstr("there is no set \"name\" in this version; known: core, names, hostile"));
}

TEST_F(Program, EverySourceIsListedWithWhatTestsIt) {
  const Json sources = Json::parse(run("list --sources --format json").output);
  const std::string text = run("list --sources").output;
  std::size_t tested = 0;
  for (const Json& source : sources) {
    EXPECT_EQ(source["cases"].empty(), source["status"].is_string()) << source["id"];
    EXPECT_THAT(text, HasSubstr(source["says"].get<std::string>()));
    if (source["status"].is_string())
      EXPECT_THAT(text, HasSubstr(source["because"].get<std::string>()));
    else
      ++tested;
  }
  EXPECT_GT(tested, 150U);
  EXPECT_LT(tested, sources.size());
}

TEST_F(Program, TheEmbeddedRelayObeysAProfileOfOneWay) {
  const std::string profile = file("ours.json", R"({"schema":"relayproof.profile/1","name":"ours","base":"exo-2017",
    "options":{"untrustedCertificate":["refuseTls"],"denyStage":["endOfData"],"resumption":["originalIdentity"],
               "revocation":["require"],"uLabelInCommonName":["toALabel"]}})");
  const Ran ran = run("run --profile " + profile + " --filter 'pki.*' --filter 'names.cn.*'");
  EXPECT_EQ(ran.status, 0) << ran.output;
}

TEST_F(Program, SessionsAreResumedAsTheProfileSays) {
  for (const std::string value : {"originalIdentity", "noIdentity", "fullHandshake"}) {
    const std::string profile = file("ours.json", R"({"schema":"relayproof.profile/1","name":"ours","base":"exo-2017",
                              "options":{"resumption":[")" +
                                                      value + R"("]}})");
    const Ran ran = run("run --profile " + profile + " --filter 'session.*' --report json:" + file("r.json"));
    EXPECT_EQ(ran.status, 0) << value << ran.output;
    const Json report = json("r.json");
    EXPECT_THAT(idsWith(report, "inconclusive"), testing::IsEmpty());
    std::size_t resumed = 0;
    for (const Json& result : report["results"])
      if (std::string(result["id"]).starts_with("session.resumption."))
        resumed += result["sessions"].back()["tls"]["resumed"] == true;
    EXPECT_EQ(resumed > 0, value != "fullHandshake") << resumed;
  }
}

TEST_F(Program, WhatNeedsStartTlsIsNamedWhereThereIsNone) {
  std::set<std::string> dropped;
  const Json plan = Json::parse(run("plan --tls implicit").output);
  for (const Json& one : plan["dropped"]) dropped.insert(one["id"]);
  EXPECT_TRUE(dropped.contains("session.in-the-clear"));
  EXPECT_TRUE(dropped.contains("session.injected-mail"));
  EXPECT_FALSE(dropped.contains("session.two-messages"));
}

TEST_F(Program, PlanIsATenancyThatStandsAlone) {
  EXPECT_EQ(run("plan --out " + file("plan")).status, 0);
  EXPECT_TRUE(fs::exists(file("plan/ca.pem")));
  const Ran ran = run("verdict --tenancy " + file("plan/plan.json"), "");
  EXPECT_EQ(ran.status, 0) << ran.output;
  for (const char* format : {"markdown", "csv"}) {
    const Ran sheet = run(std::string("plan --format ") + format);
    EXPECT_EQ(sheet.status, 0);
    EXPECT_THAT(sheet.output, HasSubstr("mail.controls.test"));
  }
  EXPECT_LT(run("plan --filter 'names.dns.*'").output.size(), run("plan").output.size());
}

TEST_F(Program, ExpectationsTurnAKnownFailureIntoNoNews) {
  const std::string bug = "run --quiet --bug nul-in-dns --filter 'hostile.names.*' ";
  EXPECT_EQ(run(bug + "--write-expectations " + file("e.json")).status, 1);
  EXPECT_EQ(run(bug + "--expectations " + file("e.json")).status, 2) << "an empty reason is an error";
  std::string text = *readFile(file("e.json"));
  for (std::size_t at = 0; (at = text.find("\"reason\": \"\"", at)) != std::string::npos;)
    text.replace(at, 12, "\"reason\": \"known\"");
  file("f.json", text);
  EXPECT_EQ(run(bug + "--expectations " + file("f.json")).status, 0);
  EXPECT_EQ(run("run --quiet --filter 'hostile.names.*' --expectations " + file("f.json")).status, 1)
      << "mended: xpass";
}

TEST_F(Program, ReportsGoWhereTheyAreAskedOrSayWhyNot) {
  const Ran ran = run("run --quiet --filter names.dns.exact --report json:/no/such/folder/r.json");
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, HasSubstr("/no/such/folder/r.json: cannot be written"));
  const Ran tooLong = run("run --quiet --filter names.dns.exact --report json:" + std::string(300, 'a'));
  EXPECT_EQ(tooLong.status, 2);
  EXPECT_THAT(tooLong.output, HasSubstr("cannot be written: File name too long"));
}

}  // namespace
}  // namespace relayproof
