#pragma once

#include <openssl/types.h>
#include <openssl/x509.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runners/reference/certificate_names.h"
#include "runners/reference/decide.h"
#include "runners/reference/message.h"
#include "runners/reference/revocation.h"

// Where a known bug enters the relay. Every hook is right as it stands; a bug replaces one or two of them.
namespace relayproof::reference {

enum class DenyStage { mail, rcpt, data, endOfData };
enum class DenyReply { relayAccessDenied, policy5xx };

struct Conduct;
struct ClientCertificate;

// What the client sent: its leaf, and what it sent behind the leaf (the leaf may stand there too).
struct SentCertificates {
  X509* leaf = nullptr;
  const STACK_OF(X509) * others = nullptr;
};

// A decision of the same session. A right relay never looks back at it.
struct Past {
  unsigned transaction = 0;
  bool wasReset = false;  // RSET ended its transaction
  Decision decision;
};

struct Question {
  const Tenancy& tenancy;
  const Conduct& conduct;
  const Peer& peer;
  const Envelope& envelope;
  const Path& recipient;
  const std::vector<Past>& past;
  unsigned transaction;
};

Decision rightDecision(const Question& question);

// The same question about another peer or envelope: what most faults of trust come to.
Decision decisionFor(const Question& question, const Peer& peer, const Envelope& envelope);

// What is known of a message beside its octets.
struct MessageFacts {
  bool inChunks = false;
  bool smtpUtf8 = false;
  bool eightBit = false;
  bool tls = false;
  std::size_t recipients = 0;
  unsigned transaction = 0;  // of the session, from 1
  std::size_t octets = 0;
  bool tenantless = false;  // to Postmaster
};

struct Faults {
  ListFaults lists;
  void (*afterReload)(const Tenancy& before, Tenancy& now) = nullptr;
  bool resumedForgetsReload = false;  // a resumed session goes by the tenancy that the relay began with
  bool refusesResumed = false;        // it is taken up, and ended by a reply
  bool waitsForLists = false;         // for as long as it takes
  void (*misread)(const SentCertificates&, CertificateNames&) = nullptr;  // after the names were read rightly
  int dateGrace = 0;                            // seconds for which a certificate counts before and after its time
  bool (*forgives)(int verifyError) = nullptr;  // X509_V_ERR_… that do not count
  bool (*survives)(const Identity&) = nullptr;  // else the first RCPT ends the connection
  Decision (*decide)(const Question&) = rightDecision;
  // The reply to a command that the relay does not know; an empty one is not sent.
  std::optional<std::string> (*extraCommand)(std::string_view line, Peer&) = nullptr;
  std::vector<std::string_view> otherEnds;  // what ends DATA beside CRLF.CRLF
  bool (*isClean)(std::string_view message, bool inChunks) = [](std::string_view message, bool) {
    return isCleanMessage(message);
  };
  bool asksForCertificate = true;
  bool recallsUnverified = false;   // what the first handshake of a resumed session was verified to be is not looked at
  bool keepsFirstIdentity = false;  // another handshake in the session, which is not refused, changes nothing
  bool ignoresLateAnswer = false;   // a certificate shown behind the handshake leaves the client whom it was
  // What becomes of a client after the handshake; `other`: at the relay's other listener.
  void (*afterHandshake)(SSL* ssl, bool other, const Conduct& conduct, ClientCertificate& client) = nullptr;
  void (*afterGreeting)(const Peer&) = nullptr;  // by EHLO or HELO
  bool recipientsByName = false;                 // of the last RCPT under the client's name in EHLO, whoever said it
  // How many of the first octets of all are no command; what they say may be believed.
  std::size_t (*preamble)(std::string_view octets, Peer&) = nullptr;
  bool keepsClearText = false;  // octets behind STARTTLS are read again after the handshake
  bool keepsState = false;      // greeting and transaction outlive the handshake
  bool offersTlsAgain = false;  // in the answer to EHLO under TLS
  // A tenant header of the client's stands for ours.
  bool (*leavesUnmarked)(const MessageFacts&) = [](const MessageFacts&) { return false; };
  bool (*keepsClientMarks)(const MessageFacts&) = [](const MessageFacts&) { return false; };
  bool passesOnDenied = false;  // a message refused at its end is passed on all the same
  bool endsSessionOnDenial = false;
  bool passesOnCut = false;           // what came of a message whose end did not
  bool resetKeepsRecipients = false;  // the next transaction has them too
  bool checksEachChunk = false;       // for bare CR and LF, as if a chunk were a message
  bool refusesEmptyChunk = false;
  bool refusesSize = false;           // the parameter, although it is offered
  bool readsRefusedChunk = false;     // as commands
  bool lastInCapitals = false;        // the word of BDAT, or it means nothing
  bool endWithinASegment = false;     // what ends DATA is not looked for across segments
  bool dropsWhatFollows = false;      // in the segment of a message's end
  bool secondMailSetsSender = false;  // which is refused all the same
  bool chunksSkipVerdict = false;
  std::size_t lineBuffer = 0;  // a dot on a line by itself is looked for at each multiple of so many octets of a line
  std::size_t mostRecipients = 2000;
  // What becomes of a message before it is passed on.
  std::string (*changes)(std::string message, bool inChunks) = [](std::string message, bool) { return message; };
  std::string_view endOfReply = "\r\n";
  unsigned copies = 1;  // how often a message is passed on
};

struct Conduct {
  Behaviour behaviour;
  Steps steps = rightSteps;
  Faults faults;
  DenyStage denyStage = DenyStage::rcpt;
  DenyReply denyReply = DenyReply::relayAccessDenied;
};

}  // namespace relayproof::reference
