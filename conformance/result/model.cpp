#include "conformance/result/model.h"

#include <algorithm>

namespace relayproof::result {
namespace {

constexpr std::string_view kReportSchema = "relayproof.report/1";

Json orNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
Json orNull(const std::optional<std::string>& text) { return text ? Json(*text) : Json(nullptr); }
Json orNull(std::optional<bool> truth) { return truth ? Json(*truth) : Json(nullptr); }
Json orNull(int number) { return number == 0 ? Json(nullptr) : Json(number); }

// Declared here because listOf finds by name only what stands before it.
Json toJson(const Answer& answer);
Json toJson(const Recipient& recipient);
Json toJson(const Transaction& transaction);
Json toJson(const session::Event& event);
Json toJson(const Session& session);
Json toJson(const Check& check);

template <class Values>
Json listOf(const Values& values) {
  Json list = Json::array();
  for (const auto& value : values) list.push_back(toJson(value));
  return list;
}

Json toJson(const Answer& answer) {
  return {{"verdict", answer.verdict}, {"tenant", orNull(answer.tenant)}, {"basis", answer.basis}};
}

Json toJson(const Observed& observed) {
  Json json = {{"verdict", observed.verdict},
               {"stage", orNull(observed.stage)},
               {"code", orNull(observed.code)},
               {"enhanced", orNull(observed.enhanced)},
               {"text", observed.text},
               {"passedOn", orNull(observed.passedOn)},
               {"tenant", orNull(observed.tenant)}};
  if (observed.forgedMark) json["forgedMark"] = true;
  return json;
}

Json toJson(const Recipient& recipient) {
  return {{"address", recipient.address},
          {"expected", listOf(recipient.expected)},
          {"observed", toJson(recipient.observed)}};
}

Json toJson(const Transaction& transaction) {
  Json json = {{"mailFrom", transaction.mailFrom}, {"recipients", listOf(transaction.recipients)}};
  if (transaction.smuggled) json["smuggled"] = true;
  return json;
}

Json toJson(const session::Event& event) { return {{"t", event.at}, {"from", event.from}, {"text", event.text}}; }

Json toJson(const Session& session) {
  Json json = {{"source", session.source}, {"certificate", orNull(session.certificate)}};
  json["tls"] = {{"outcome", session.tlsOutcome},
                 {"version", session.tlsVersion},
                 {"resumed", session.resumed},
                 {"alert", orNull(session.alert)},
                 {"certificateRequested", session.certificateRequested},
                 {"chainArrived", session.chainArrived}};
  if (session.withheld) json["tls"]["withheld"] = true;
  json["end"] = {{"how", session.end.how}, {"stage", session.end.stage}, {"text", session.end.text}};
  json["watched"] = session.watched;
  if (!session.strays.empty()) json["strays"] = session.strays;
  if (!session.lostLines.empty()) json["lostLines"] = session.lostLines;
  if (!session.mergedMessages.empty()) json["mergedMessages"] = session.mergedMessages;
  if (!session.bareLineEnds.empty()) json["bareLineEnds"] = session.bareLineEnds;
  json["transactions"] = listOf(session.transactions);
  json["transcript"] = listOf(session.transcript.events());
  return json;
}

Json evidenceJson(const std::vector<Explanation>& evidence) {
  Json list = Json::array();
  for (const Explanation& explanation : evidence) {
    Json& alternatives = list.emplace_back(Json::array());
    for (const Values& values : explanation) alternatives.push_back(result::toJson(values));
  }
  return list;
}

Json toJson(const Check& check) { return {{"name", check.name}, {"ok", check.ok}, {"why", check.why}}; }

Json toJson(const Circumstances& circumstances) {
  return {{"twinNeeded", circumstances.twinNeeded},
          {"twinAccepted", orNull(circumstances.twinAccepted)},
          {"twinSaysTheSame", circumstances.twinSaysTheSame},
          {"controlsHeld", circumstances.controlsHeld},
          {"relayAsksForCertificate", circumstances.relayAsksForCertificate},
          {"presentsCertificate", circumstances.presentsCertificate},
          {"tlsNotSpoken", circumstances.tlsNotSpoken},
          {"strictReply", circumstances.strictReply},
          {"mayResume", circumstances.mayResume},
          {"renegotiates", circumstances.renegotiates},
          {"injects", circumstances.injects},
          {"talksEarly", circumstances.talksEarly},
          {"noData", circumstances.noData},
          {"sendsMailParameters", circumstances.sendsMailParameters},
          {"sendsRecipientParameters", circumstances.sendsRecipientParameters},
          {"parametersOffered", circumstances.parametersOffered},
          {"oddSignature", circumstances.oddSignature},
          {"oddCertificate", circumstances.oddCertificate},
          {"oddSequence", circumstances.oddSequence},
          {"withinLimits", circumstances.withinLimits},
          {"oddContent", circumstances.oddContent},
          {"plainContent", circumstances.plainContent},
          {"notOffered", orNull(circumstances.notOffered)},
          {"marksRelayed", circumstances.marksRelayed},
          {"marksDelivered", circumstances.marksDelivered},
          {"denyStage", circumstances.denyStage},
          {"acceptedRecipientAloneAccepted", orNull(circumstances.acceptedRecipientAloneAccepted)},
          {"notReloaded", orNull(circumstances.notReloaded)},
          {"wentAway", circumstances.wentAway},
          {"crash", orNull(circumstances.crash)}};
}

Json toJson(const TargetSeen& target) {
  return {{"address", target.address},
          {"greeting", target.greeting},
          {"ehlo", target.ehlo},
          {"tls", target.tls},
          {"certificateRequest", {{"asked", target.asked}, {"authorities", target.authorities}}}};
}

Json toJson(const Summary& summary) {
  Json json = {{"total", summary.total}};
  for (const Outcome outcome : kOutcomes) json[std::string(name(outcome))] = summary.outcomes.at(outcome);
  for (const Class failure : {Class::hole, Class::refusal, Class::reply, Class::protocol, Class::robustness})
    json["classes"][std::string(name(failure))] = summary.classes.at(failure);
  json["coverage"] = summary.coverage;
  return json;
}

std::string text(const Node& node, std::string_view key) { return node.at(key).string(); }

std::optional<std::string> maybeText(const Node& node, std::string_view key) {
  const std::optional<Node> found = node.find(key);
  return found ? std::optional(found->string()) : std::nullopt;
}

double number(const Node& node) {
  if (!node.json().is_number()) node.fail("must be a number");
  return node.json().get<double>();
}

std::int64_t milliseconds(const Node& node) { return node.integer(0, INT64_MAX); }

template <class Read>
auto listFrom(const Node& node, Read read) {
  std::vector<decltype(read(node))> list;
  for (const Node& item : node.array()) list.push_back(read(item));
  return list;
}

template <class Value, class Values>
Value named(const Node& node, const Values& values) {
  const std::string word = node.string();
  for (const Value value : values)
    if (name(value) == word) return value;
  node.fail("is none of the known words: \"" + word + "\"");
}

Answer answerFrom(const Node& node) {
  return {text(node, "verdict"), maybeText(node, "tenant"), node.at("basis").strings()};
}

Observed observedFrom(const Node& node) {
  const std::optional<Node> code = node.find("code");
  return {text(node, "verdict"),
          node.stringOr("stage", ""),
          code ? static_cast<int>(code->integer(100, 999)) : 0,
          node.stringOr("enhanced", ""),
          text(node, "text"),
          maybeText(node, "passedOn"),
          maybeText(node, "tenant"),
          node.booleanOr("forgedMark", false)};
}

Recipient recipientFrom(const Node& node) {
  return {text(node, "address"), listFrom(node.at("expected"), answerFrom), observedFrom(node.at("observed"))};
}

Transaction transactionFrom(const Node& node) {
  return {text(node, "mailFrom"), listFrom(node.at("recipients"), recipientFrom), node.booleanOr("smuggled", false)};
}

session::Event eventFrom(const Node& node) { return {number(node.at("t")), text(node, "from"), text(node, "text")}; }

Session sessionFrom(const Node& node) {
  Session session;
  session.source = text(node, "source");
  session.certificate = maybeText(node, "certificate");
  const Node tls = node.at("tls");
  session.tlsOutcome = text(tls, "outcome");
  session.tlsVersion = text(tls, "version");
  session.resumed = tls.at("resumed").boolean();
  session.alert = maybeText(tls, "alert");
  session.certificateRequested = tls.booleanOr("certificateRequested", session.tlsOutcome != "none");
  session.chainArrived = tls.booleanOr("chainArrived", true);
  session.withheld = tls.booleanOr("withheld", false);
  if (const std::optional<Node> end = node.find("end"))
    session.end = {text(*end, "how"), text(*end, "stage"), text(*end, "text")};
  session.watched = node.stringsOr("watched", {});
  session.strays = node.stringsOr("strays", {});
  session.lostLines = node.stringsOr("lostLines", {});
  session.mergedMessages = node.stringsOr("mergedMessages", {});
  session.bareLineEnds = node.stringsOr("bareLineEnds", {});
  session.transactions = listFrom(node.at("transactions"), transactionFrom);
  session.transcript = listFrom(node.at("transcript"), eventFrom);
  return session;
}

Check checkFrom(const Node& node) { return {text(node, "name"), node.at("ok").boolean(), text(node, "why")}; }

Circumstances circumstancesFrom(const Node& node) {
  const auto maybe = [&](std::string_view key) {
    const std::optional<Node> found = node.find(key);
    return found ? std::optional(found->boolean()) : std::nullopt;
  };
  Circumstances circumstances;
  circumstances.twinNeeded = node.at("twinNeeded").boolean();
  circumstances.twinAccepted = maybe("twinAccepted");
  circumstances.twinSaysTheSame = node.booleanOr("twinSaysTheSame", false);
  circumstances.controlsHeld = node.at("controlsHeld").boolean();
  circumstances.relayAsksForCertificate = node.at("relayAsksForCertificate").boolean();
  circumstances.presentsCertificate = node.at("presentsCertificate").boolean();
  circumstances.tlsNotSpoken = node.booleanOr("tlsNotSpoken", false);
  circumstances.strictReply = node.at("strictReply").boolean();
  circumstances.mayResume = node.at("mayResume").boolean();
  circumstances.renegotiates = node.at("renegotiates").boolean();
  circumstances.injects = node.booleanOr("injects", false);
  circumstances.talksEarly = node.booleanOr("talksEarly", false);
  circumstances.noData = node.at("noData").boolean();
  circumstances.sendsMailParameters = node.at("sendsMailParameters").boolean();
  circumstances.sendsRecipientParameters = node.booleanOr("sendsRecipientParameters", false);
  circumstances.parametersOffered = node.booleanOr("parametersOffered", false);
  circumstances.oddSignature = node.booleanOr("oddSignature", false);
  circumstances.oddCertificate = node.booleanOr("oddCertificate", false);
  circumstances.oddSequence = node.booleanOr("oddSequence", false);
  circumstances.withinLimits = node.booleanOr("withinLimits", false);
  circumstances.oddContent = node.booleanOr("oddContent", false);
  circumstances.plainContent = node.booleanOr("plainContent", false);
  circumstances.notOffered = node.stringOr("notOffered", "");
  circumstances.marksRelayed = node.booleanOr("marksRelayed", false);
  circumstances.marksDelivered = node.booleanOr("marksDelivered", false);
  circumstances.denyStage = text(node, "denyStage");
  circumstances.acceptedRecipientAloneAccepted = maybe("acceptedRecipientAloneAccepted");
  circumstances.notReloaded = node.stringOr("notReloaded", "");
  circumstances.wentAway = node.booleanOr("wentAway", false);
  circumstances.crash = node.stringOr("crash", "");
  return circumstances;
}

TargetSeen targetFrom(const Node& node) {
  const Node request = node.at("certificateRequest");
  return {text(node, "address"), text(node, "greeting"),        node.at("ehlo").strings(),
          text(node, "tls"),     request.at("asked").boolean(), request.at("authorities").strings()};
}

}  // namespace

std::string_view name(Outcome outcome) {
  constexpr std::array<std::string_view, 8> names = {"pass",  "fail",  "observed", "inconclusive",
                                                     "xfail", "xpass", "skip",     "error"};
  return names[static_cast<std::size_t>(outcome)];
}

std::string_view name(Class failure) {
  constexpr std::array<std::string_view, 6> names = {"", "hole", "refusal", "reply", "protocol", "robustness"};
  return names[static_cast<std::size_t>(failure)];
}

Summary summarise(const Report& report) {
  Summary summary;
  for (const Outcome outcome : kOutcomes) summary.outcomes[outcome] = 0;
  for (const Class failure : kClasses) summary.classes[failure] = 0;
  for (const CaseResult& result : report.results) {
    ++summary.total;
    ++summary.outcomes[result.outcome];
    if (result.outcome == Outcome::fail) ++summary.classes[result.failure];
  }
  const auto count = [&](Outcome outcome) { return summary.outcomes[outcome]; };
  const int toJudge = std::max(report.selected, summary.total) - count(Outcome::skip) - count(Outcome::observed);
  const int judged = count(Outcome::pass) + count(Outcome::fail) + count(Outcome::xfail) + count(Outcome::xpass);
  summary.coverage = toJudge == 0 ? 1 : static_cast<double>(judged) / toJudge;
  return summary;
}

Json toJson(const CaseResult& result) {
  return {{"id", result.id},
          {"title", result.title},
          {"since", result.since},
          {"tier", result.tier},
          {"hangsOn", result.hangsOn},
          {"rules", result.rules},
          {"sources", result.sources},
          {"tags", result.tags},
          {"twin", orNull(result.twin)},
          {"outcome", name(result.outcome)},
          {"class", orNull(std::string(name(result.failure)))},
          {"purpose", result.purpose},
          {"why", result.why},
          {"likely", orNull(result.likely)},
          {"durationMs", result.durationMs},
          {"sessions", listOf(result.sessions)},
          {"checks", listOf(result.checks)},
          {"relayLog", result.relayLog},
          {"evidence", evidenceJson(result.evidence)},
          {"circumstances", result.circumstances ? toJson(*result.circumstances) : Json(nullptr)},
          {"token", result.token},
          {"reproduce", result.reproduce},
          {"again", result.again},
          {"file", orNull(result.file)},
          {"line", orNull(result.line)}};
}

CaseResult caseResultFromJson(const Node& node) {
  CaseResult result;
  result.id = text(node, "id");
  result.title = text(node, "title");
  result.since = text(node, "since");
  result.tier = text(node, "tier");
  result.hangsOn = node.at("hangsOn").strings();
  result.rules = node.at("rules").strings();
  result.sources = node.at("sources").strings();
  result.tags = node.at("tags").strings();
  result.twin = maybeText(node, "twin");
  result.outcome = named<Outcome>(node.at("outcome"), kOutcomes);
  if (const std::optional<Node> failure = node.find("class")) result.failure = named<Class>(*failure, kClasses);
  result.purpose = node.stringOr("purpose", "");
  result.why = text(node, "why");
  result.likely = maybeText(node, "likely");
  result.durationMs = milliseconds(node.at("durationMs"));
  result.sessions = listFrom(node.at("sessions"), sessionFrom);
  result.checks = listFrom(node.at("checks"), checkFrom);
  result.relayLog = node.stringsOr("relayLog", {});
  if (const std::optional<Node> evidence = node.find("evidence"))
    result.evidence = listFrom(*evidence, [](const Node& each) { return listFrom(each, valuesFrom); });
  if (const std::optional<Node> found = node.find("circumstances")) result.circumstances = circumstancesFrom(*found);
  result.token = text(node, "token");
  result.reproduce = text(node, "reproduce");
  result.again = node.stringOr("again", "");
  result.file = node.stringOr("file", "");
  if (const std::optional<Node> line = node.find("line")) result.line = static_cast<int>(line->integer(1, INT32_MAX));
  return result;
}

Json headJson(const Report& report) {
  return {{"schema", kReportSchema},
          {"version", report.version},
          {"catalogue", report.catalogue},
          {"plan", report.plan},
          {"profile", report.profile},
          {"seed", report.seed},
          {"shard", orNull(report.shard)},
          {"target", toJson(report.target)},
          {"startedAt", report.startedAt},
          {"durationMs", report.durationMs},
          {"passingOnSeen", report.passingOnSeen},
          {"selected", report.selected},
          {"halted", orNull(report.halted)},
          {"inForce", report.inForce == Values{} ? Json(nullptr) : result::toJson(report.inForce)},
          {"summary", toJson(summarise(report))},
          {"results", nullptr},
          {"fingerprint", report.fingerprint}};
}

Json toJson(const Report& report) {
  Json json = headJson(report);
  json["results"] = listOf(report.results);
  return json;
}

std::string dump(const Json& json, int indent) { return json.dump(indent, ' ', false, Json::error_handler_t::replace); }

Expected<Report> readReport(std::string_view text, const std::string& place) {
  return readDocument(text, place, [](const Node& root) {
    if (const Node schema = root.at("schema"); schema.string() != kReportSchema)
      schema.fail("is not " + std::string(kReportSchema),
                  "give a report that relayproof run wrote with --report json:FILE");
    Report report;
    report.version = root.at("version").string();
    report.catalogue = root.at("catalogue").string();
    report.plan = root.at("plan").string();
    report.profile = root.at("profile").string();
    const Node seed = root.at("seed");
    if (!seed.json().is_number_unsigned()) seed.fail("must be a whole number that is not negative");
    report.seed = seed.json().get<std::uint64_t>();
    report.shard = root.stringOr("shard", "");
    report.target = targetFrom(root.at("target"));
    report.startedAt = root.at("startedAt").string();
    report.durationMs = milliseconds(root.at("durationMs"));
    report.passingOnSeen = root.at("passingOnSeen").boolean();
    if (const auto selected = root.find("selected"))
      report.selected = static_cast<int>(selected->integer(0, 1'000'000));
    report.halted = maybeText(root, "halted");
    if (const auto inForce = root.find("inForce")) report.inForce = valuesFrom(*inForce);
    report.results = listFrom(root.at("results"), caseResultFromJson);
    const Node fingerprint = root.at("fingerprint");
    (void)fingerprint.members();
    report.fingerprint = fingerprint.json();
    return report;
  });
}

}  // namespace relayproof::result
