// The HTTP server from which the relay fetches the lists of revoked certificates that a client's certificate names.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>

namespace relayproof::session {

/// What stands at a path.
struct CrlPage {
  enum class Manner {
    whole,
    cut,        ///< the connection ends in the middle
    endlessly,  ///< an octet of it now and then
    never,      ///< no answer at all
  } manner = Manner::whole;
  std::string octets;
};

/// Listens on its own thread from construction to destruction.
class CrlResponder {
 public:
  /// `listen` is HOST:PORT, port 0 for any. Throws std::system_error where it cannot listen.
  explicit CrlResponder(const std::string& listen);
  ~CrlResponder();
  std::string address() const;  ///< HOST:PORT as bound
  /// By path, as in "/listing.crl"; what is not there is answered with 404. Once, before anybody asks.
  void serve(std::map<std::string, CrlPage> pages);
  std::size_t asked() const;  ///< requests so far

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace relayproof::session
