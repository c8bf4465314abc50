// A sink: the SMTP server to which the relay passes mail on. It accepts everything and records octets.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace relayproof::session {

struct SinkMessage {
  std::string mailFrom;
  std::vector<std::string> recipients;
  std::string data;                       ///< as it came over the wire, dots unstuffed, without the final `.`
  std::vector<std::string> bareLineEnds;  ///< where a bare CR, bare LF or NUL stood, a few octets of context each
};

/// Listens on its own thread from construction to destruction.
class Sink {
 public:
  /// `listen` is HOST:PORT, port 0 for any. Throws std::system_error where it cannot listen.
  explicit Sink(const std::string& listen);
  ~Sink();
  std::string address() const;  ///< HOST:PORT as bound
  /// Messages whose data or envelope holds `token`, so far; of those before the message number `since` nothing is said.
  std::vector<SinkMessage> find(const std::string& token, std::size_t since = 0) const;
  std::size_t count() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace relayproof::session
