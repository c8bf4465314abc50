#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runners/reference/faults.h"
#include "runners/reference/manners.h"
#include "runners/reference/message.h"

// The server's side of one SMTP session, octets in and octets out, without sockets: RFC 5321 with STARTTLS (RFC 3207),
// PIPELINING (2920), SIZE (1870), 8BITMIME (6152), CHUNKING (3030), DSN (3461) and ENHANCEDSTATUSCODES (2034).
namespace relayproof::reference {

inline constexpr std::size_t longestCommandLine = 2048;  // octets, CRLF included

// The tenancy that a relay was given after it had begun.
class Reloaded {
 public:
  // Null: none.
  std::shared_ptr<const Tenancy> tenancy() const {
    const std::lock_guard lock(mutex_);
    return tenancy_;
  }
  void give(Tenancy tenancy) {
    auto given = std::make_shared<const Tenancy>(std::move(tenancy));
    const std::lock_guard lock(mutex_);
    tenancy_ = std::move(given);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Tenancy> tenancy_;
};

struct Recipient {
  Path path;
  Decision decision;
};

// Recipients that sessions of one name in EHLO have in common, by a fault.
class CommonRecipients {
 public:
  void put(const std::string& name, const std::vector<Recipient>& recipients) {
    const std::lock_guard lock(mutex_);
    byName_[name] = recipients;
  }
  std::vector<Recipient> of(const std::string& name) {
    const std::lock_guard lock(mutex_);
    return byName_[name];
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<Recipient>> byName_;
};

// What all sessions of a relay share.
struct Service {
  Tenancy tenancy;
  Conduct conduct;
  std::string tenantHeader = "X-Tenant";
  Manner manner = {};
  std::shared_ptr<std::atomic<unsigned>> denials = std::make_shared<std::atomic<unsigned>>(0);
  std::shared_ptr<Reloaded> reloaded = std::make_shared<Reloaded>();
  std::shared_ptr<CommonRecipients> common = std::make_shared<CommonRecipients>();
};

// One message for one server, with our marks on it.
struct Parcel {
  bool local = false;
  std::string sender;
  std::vector<std::string> recipients;
  std::string message;
  bool smtpUtf8 = false;
};

enum class HandedOver { yes, notNow, never };

class Dialogue {
 public:
  enum class Event {
    needInput,  // send the output, then give more octets
    startTls,   // send the output, hold the handshake, then call secured
    passOn,     // hand `parcels` over, then call handedOver
    close,      // send the output and end
  };

  Dialogue(const Service& service, std::optional<std::uint32_t> address);

  void receive(std::string_view octets) { input_.append(octets); }
  Event advance();
  std::string& output() { return output_; }

  // After the handshake. Everything learnt before it is forgotten, what came in the clear behind STARTTLS too.
  void secured(Identity identity, std::string serverName = {});
  // After another handshake within the session.
  void identify(Identity identity) { peer_.identity = std::move(identity); }
  // From now on by the tenancy that the relay began with, by a fault.
  void forgetReload() { reloaded_.reset(); }
  // From now on every command is answered by 421 and the end.
  void refuse() { refused_ = true; }

  const std::vector<Parcel>& parcels() const { return parcels_; }
  // After the connection is gone: whether what came of a message is to be passed on. A right relay says no.
  bool passesOnCut();
  void handedOver(HandedOver result);

 private:
  struct Command {
    std::string_view verb;
    void (Dialogue::*run)(std::string_view argument);
  };
  static const Command commands[];

  struct Transaction {
    Envelope envelope;
    std::vector<Recipient> recipients;
    std::string refusal;  // of its first denied recipient, where denial comes later than RCPT
    bool anyRefused = false;
    bool inChunks = false;
    std::string chunks;
    bool tooLarge = false;
  };
  struct Chunk {
    std::size_t left = 0;
    std::size_t size = 0;
    bool last = false;
    std::string failure;  // the reply that its end gets instead of 250
  };

  bool takeLine();
  bool takeData();
  bool takeChunk();
  void runLine(std::string_view line);

  void ehlo(std::string_view argument);
  void helo(std::string_view argument);
  void mail(std::string_view argument);
  void rcpt(std::string_view argument);
  void data(std::string_view argument);
  void bdat(std::string_view argument);
  void rset(std::string_view argument);
  void noop(std::string_view argument);
  void quit(std::string_view argument);
  void vrfy(std::string_view argument);
  void expn(std::string_view argument);
  void help(std::string_view argument);
  void startTls(std::string_view argument);

  void reply(std::string_view lines);
  void refuseWith(std::string_view refusal);
  void greet(std::string_view name);
  Decision ask(const Envelope& envelope, const Path& recipient);
  bool deniesAtMail(const Envelope& envelope);
  bool refusesPath(std::string_view text) const;
  bool weighsHeader() const;
  DenyStage denyStage() const;
  void weighHeader(std::string_view message);
  void finish(std::string message, bool inChunks, bool tooLarge);
  void pack(const std::string& message);
  std::string marks(const std::string& tenant, bool ownTenantHeader) const;
  std::string denialOf(const Path& recipient) const;
  std::string senderPassedOn(bool local) const;

  const Tenancy& tenancy() const { return reloaded_ ? *reloaded_ : service_.tenancy; }

  const Service& service_;
  std::shared_ptr<const Tenancy> reloaded_;  // a session goes by the tenancy that it began with
  Peer peer_;
  std::string input_;
  std::size_t read_ = 0;  // how much of input_ is done with
  std::string output_;
  Event event_ = Event::needInput;
  bool begun_ = false;     // something has come
  bool overlong_ = false;  // inside a command line that is too long
  bool greeted_ = false;
  bool extended_ = false;  // by EHLO
  bool refused_ = false;
  bool turnedAway_ = false;  // at the greeting
  unsigned errors_ = 0;
  unsigned transactions_ = 0;
  std::optional<Transaction> transaction_;
  std::optional<DataReader> data_;
  std::optional<Chunk> chunk_;
  std::vector<Past> past_;
  std::vector<Recipient> kept_;  // over RSET, by a fault
  std::vector<Parcel> parcels_;
  std::string replyAfterHandover_;
};

}  // namespace relayproof::reference
