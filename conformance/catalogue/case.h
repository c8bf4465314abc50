// A case: one thing that a relay may get wrong, as it stands in corpus/cases/FAMILY.json, the family's defaults
// applied.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "certs/document.h"
#include "conformance/verdict/decide.h"
#include "conformance/wire/step.h"

namespace relayproof::catalogue {

/// One acceptable answer as a person wrote it: "deny", "relay contoso 3a 3b", "deliver", "refuse-tls".
/// A missing tenant is the family's only one; a missing basis leaves it open.
struct ExpectedAnswer {
  verdict::Verdict verdict = verdict::Verdict::deny;
  std::optional<std::string> tenant;
  std::optional<std::set<verdict::Basis>> basis;
};

/// A mail transaction by labels: "foreign", "null", "local:TENANT", "external", or a literal path that holds an `@`.
/// "{token}" in a literal stands for the session's token.
struct TransactionPlan {
  std::string sender;
  std::string mailParameters;
  std::string header;  ///< P2, the header From, by the same labels
  std::vector<std::string> recipients;
  std::vector<std::string> extraHeaders;
  std::string body;  ///< raw octets of the body where they are the point; else empty
  bool bdat = false;
  bool smuggled = false;  ///< never sent as a transaction of its own: it stands inside another one's body
};

struct Case {
  std::string id;      ///< "names.dns.nul-suffix"
  std::string family;  ///< "names.dns"
  std::string title;
  std::string why;  ///< the mistake that this case shows
  std::vector<std::string> sources;
  std::vector<std::string> tags;
  std::string since;
  std::optional<std::string> fixture;  ///< id of the certificate presented; nullopt: none
  Json blueprint;                      ///< of that fixture; null without one
  std::string address;                 ///< name of the client address; "stranger" is covered by no connector
  std::string ehlo;                    ///< EHLO name; empty: the run's own
  std::string tls;                     ///< "", "none", "1.2", "1.3"
  std::vector<TransactionPlan> transactions;
  std::vector<Json> steps;  ///< as written; empty: the plain dialogue
  /// Per profile name: for each transaction, for each recipient, the acceptable answers.
  std::map<std::string, std::vector<std::vector<std::vector<ExpectedAnswer>>>> expect;
  std::map<std::string, std::string> twin;  ///< per profile name the twin's id; empty where there is none
  bool control = false;                     ///< tag "control"
  std::string file;                         ///< where it stands, for SARIF and error messages
  int line = 0;
};

}  // namespace relayproof::catalogue
