#include "runners/reference/relay.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <thread>

#include "runners/reference/dialogue.h"
#include "runners/reference/fetch.h"
#include "runners/reference/outlet.h"
#include "runners/reference/trust.h"

namespace relayproof::reference {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::beast::tcp_stream;

namespace {

constexpr auto patience = std::chrono::seconds(60);  // for the next octets of a session
constexpr auto handshakeTime = std::chrono::seconds(20);
constexpr auto farewellTime = std::chrono::seconds(1);
constexpr auto listTime = std::chrono::seconds(2);  // for one revocation list
constexpr auto endlessly = std::chrono::hours(24);
constexpr int backlog = 512;
const std::string serverName = "relay.test";

enum class Refusal { alert, reply421, close };

template <class Value>
struct Choice {
  std::string_view spelling;
  Value value;
};

constexpr std::array<Choice<DenyStage>, 4> denyStages = {{{"mail", DenyStage::mail},
                                                          {"rcpt", DenyStage::rcpt},
                                                          {"data", DenyStage::data},
                                                          {"endOfData", DenyStage::endOfData}}};
constexpr std::array<Choice<bool>, 2> untrustedChoices = {{{"treatAsNone", false}, {"refuseTls", true}}};
constexpr std::array<Choice<DenyReply>, 2> denyReplies = {
    {{"550-5.7.64", DenyReply::relayAccessDenied}, {"policy5xx", DenyReply::policy5xx}}};
constexpr std::array<Choice<Refusal>, 3> refusals = {
    {{"alert", Refusal::alert}, {"421", Refusal::reply421}, {"close", Refusal::close}}};

template <class Value, std::size_t count>
std::variant<Value, Problem> choose(const char* option, const std::string& spelling,
                                    const std::array<Choice<Value>, count>& choices) {
  std::string known;
  for (const auto& choice : choices) {
    if (choice.spelling == spelling) return choice.value;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", choice.spelling);
  }
  return Problem{fmt::format("{}: \"{}\" is unknown; choose one of {}", option, spelling, known)};
}

std::variant<std::optional<tcp::endpoint>, Problem> resolve(const char* option, const std::string& address) {
  if (address.empty()) return std::optional<tcp::endpoint>{};
  const std::size_t colon = address.rfind(':');
  const Problem wrong{
      fmt::format("{}: \"{}\" is no HOST:PORT that resolves; write it like 127.0.0.1:2525", option, address)};
  if (colon == std::string::npos) return wrong;
  asio::io_context io;
  boost::system::error_code failed;
  const auto found = tcp::resolver(io).resolve(address.substr(0, colon), address.substr(colon + 1), failed);
  if (failed || found.empty()) return wrong;
  return std::optional(found.begin()->endpoint());
}

std::variant<std::vector<RevocationList>, Problem> readAllLists(const std::vector<std::string>& files) {
  std::vector<RevocationList> all;
  for (const std::string& file : files) {
    auto lists = readRevocationLists(file);
    if (auto* problem = std::get_if<Problem>(&lists)) return std::move(*problem);
    std::ranges::move(std::get<std::vector<RevocationList>>(lists), std::back_inserter(all));
  }
  return all;
}

std::optional<std::uint32_t> addressOf(const tcp::socket& socket) {
  boost::system::error_code failed;
  const asio::ip::address address = socket.remote_endpoint(failed).address();
  if (failed) return std::nullopt;
  if (address.is_v4()) return address.to_v4().to_uint();
  if (!address.to_v6().is_v4_mapped()) return std::nullopt;
  return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_uint();
}

// One thread with everything it needs.
struct Worker {
  // The TLS context is one for all, as a session may be resumed at any of them.
  Worker(const Service& shared, Refusal how, bool untrustedEnds, SSL_CTX* context,
         const std::optional<tcp::endpoint>& next, const std::optional<tcp::endpoint>& local)
      : service(shared),
        refusal(how),
        refuseUntrusted(untrustedEnds),
        tls(context),
        nextHop(io, next),
        localHop(io, local) {
    SSL_CTX_up_ref(context);
  }

  // Octets a write.
  std::size_t segment() const { return service.manner.segment > 0 ? service.manner.segment : std::string::npos; }

  const Service& service;
  const Refusal refusal;
  const bool refuseUntrusted;
  asio::io_context io{1};
  asio::ssl::context tls;
  Outlet nextHop;
  Outlet localHop;
  std::atomic<std::int64_t> waited = 0;  // milliseconds
  std::thread thread;
};

asio::awaitable<void> wait(Worker& worker, std::chrono::milliseconds delay) {
  if (delay.count() == 0) co_return;
  worker.waited += delay.count();
  co_await asio::steady_timer(worker.io, delay).async_wait(asTuple);
}

asio::awaitable<HandedOver> passOn(Worker& worker, const std::vector<Parcel>& parcels) {
  for (const Parcel& parcel : parcels) {
    Outlet& outlet = parcel.local ? worker.localHop : worker.nextHop;
    const HandedOver result = co_await outlet.pass(parcel);
    if (result != HandedOver::yes) co_return result;
  }
  co_return HandedOver::yes;
}

// Plays the dialogue until TLS starts or the session ends; `close` also where the peer went away.
template <class Stream>
asio::awaitable<Dialogue::Event> converse(Worker& worker, tcp_stream& timed, Stream& stream, Dialogue& dialogue,
                                          ClientCertificate* client = nullptr, bool keepsIdentity = false) {
  std::array<char, 16384> octets;
  bool greeted = client != nullptr;
  for (unsigned handshakes = client == nullptr ? 0 : client->handshakes;;) {
    if (client != nullptr && client->handshakes > handshakes && !keepsIdentity) {
      handshakes = client->handshakes;
      dialogue.identify(std::move(client->identity));
    }
    const Dialogue::Event event = dialogue.advance();
    if (event == Dialogue::Event::passOn) {
      const HandedOver result = co_await passOn(worker, dialogue.parcels());
      dialogue.handedOver(result);
      continue;
    }
    if (!dialogue.output().empty()) {
      if (greeted) co_await wait(worker, worker.service.manner.replyDelay);
      greeted = true;
      timed.expires_after(patience);
      std::string_view left = dialogue.output();
      while (!left.empty()) {
        const std::string_view segment = left.substr(0, worker.segment());
        const auto [failed, written] = co_await asio::async_write(stream, asio::buffer(segment), asTuple);
        if (failed) co_return Dialogue::Event::close;
        left.remove_prefix(segment.size());
      }
      dialogue.output().clear();
    }
    if (event != Dialogue::Event::needInput) co_return event;
    timed.expires_after(patience);
    const auto [failed, read] = co_await stream.async_read_some(asio::buffer(octets), asTuple);
    if (failed) co_return Dialogue::Event::close;
    dialogue.receive({octets.data(), read});
  }
}

// Ends a connection such that the last reply or alert arrives: closing over unread octets would reset it.
asio::awaitable<void> farewell(tcp_stream& stream) {
  boost::system::error_code ignored;
  stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream.expires_after(farewellTime);
  std::array<char, 4096> octets;
  for (bool open = true; open;) {
    const auto [failed, read] = co_await stream.async_read_some(asio::buffer(octets), asTuple);
    open = !failed;
  }
}

asio::awaitable<void> consultLists(Worker& worker, tcp_stream& stream, SSL* ssl, ClientCertificate& client) {
  const Conduct& conduct = worker.service.conduct;
  const std::chrono::seconds longest = conduct.faults.waitsForLists ? endlessly : listTime;
  stream.expires_never();
  std::vector<RevocationList> lists;
  for (const std::string& place : client.listsAt) {
    std::optional<RevocationList> list = co_await fetchList(place, longest);
    if (list) lists.push_back(*std::move(list));
  }
  judgeAgain(ssl, conduct, lists, client);
}

asio::awaitable<void> conversePrivately(Worker& worker, tcp_stream& stream, Dialogue& dialogue, bool other) {
  const Faults& faults = worker.service.conduct.faults;
  asio::ssl::stream<tcp_stream&> tls(stream, worker.tls);
  ClientCertificate client;
  observe(tls.native_handle(), client);
  stream.expires_after(handshakeTime);
  const auto [failed] = co_await tls.async_handshake(asio::ssl::stream_base::server, asTuple);
  if (!failed) {
    if (!client.listsAt.empty()) co_await consultLists(worker, stream, tls.native_handle(), client);
    recallSession(tls.native_handle(), worker.service.conduct, client);
    const bool resumed = SSL_session_reused(tls.native_handle()) == 1;
    if (faults.resumedForgetsReload && resumed) dialogue.forgetReload();
    if (faults.refusesResumed && resumed) dialogue.refuse();
    if (faults.afterHandshake != nullptr)
      faults.afterHandshake(tls.native_handle(), other, worker.service.conduct, client);
    const bool refused = worker.refuseUntrusted && client.presented && !client.trusted;
    if (refused && worker.refusal == Refusal::close) co_return;
    if (refused) dialogue.refuse();
    const char* const wanted = SSL_get_servername(tls.native_handle(), TLSEXT_NAMETYPE_host_name);
    dialogue.secured(std::move(client.identity), wanted == nullptr ? "" : wanted);
    const bool again = asksAgain(tls.native_handle());
    if (again) co_await tls.async_handshake(asio::ssl::stream_base::server, asTuple);
    co_await converse(worker, stream, tls, dialogue, &client,
                      again ? faults.ignoresLateAnswer : faults.keepsFirstIdentity);
    stream.expires_after(farewellTime);
    co_await tls.async_shutdown(asTuple);
  }
}

// How a session came in.
struct Door {
  bool implicitTls = false;
  bool other = false;  // by the second listener
};

asio::awaitable<void> serve(Worker& worker, tcp::socket socket, Door door) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  co_await wait(worker, worker.service.manner.greetingDelay);
  Dialogue dialogue(worker.service, addressOf(socket));
  tcp_stream stream(std::move(socket));
  Dialogue::Event event = Dialogue::Event::startTls;
  if (!door.implicitTls) event = co_await converse(worker, stream, stream, dialogue);
  if (event == Dialogue::Event::startTls) co_await conversePrivately(worker, stream, dialogue, door.other);
  if (dialogue.passesOnCut()) co_await passOn(worker, dialogue.parcels());
  if (stream.socket().is_open()) co_await farewell(stream);
}

struct Listener {
  tcp::acceptor acceptor;
  Door door;
  unsigned short port() const { return acceptor.local_endpoint().port(); }
};

}  // namespace

struct Relay::Engine {
  Service service;
  std::string tenancyFolder;
  TrustPolicy trust;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<Listener> listeners;

  ~Engine() {
    for (const auto& worker : workers) worker->io.stop();
    for (const auto& worker : workers)
      if (worker->thread.joinable()) worker->thread.join();
    listeners.clear();
    for (auto& worker : workers) worker.reset();  // the first one holds a socket of another's while it accepts
  }

  asio::awaitable<void> accept(Listener& listener) {
    asio::steady_timer pause(workers.front()->io);
    for (std::size_t next = 0;; next = (next + 1) % workers.size()) {
      Worker& worker = *workers[next];
      tcp::socket socket(worker.io);
      const auto [failed] = co_await listener.acceptor.async_accept(socket, asTuple);
      if (failed) {
        constexpr auto untilDescriptorsAreFree = std::chrono::milliseconds(20);
        pause.expires_after(untilDescriptorsAreFree);
        co_await pause.async_wait(asTuple);
        continue;
      }
      asio::co_spawn(worker.io, serve(worker, std::move(socket), listener.door), asio::detached);
    }
  }

  std::string listen(const std::string& host, unsigned short wanted, bool implicitTls) {
    boost::system::error_code failed;
    const asio::ip::address address = asio::ip::make_address(host, failed);
    if (failed) return fmt::format("host: \"{}\" is no IP address; write it like 127.0.0.1", host);
    const tcp::endpoint endpoint(address, wanted);
    tcp::acceptor acceptor(workers.front()->io);
    acceptor.open(endpoint.protocol(), failed);
    if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
    if (!failed) acceptor.bind(endpoint, failed);
    if (!failed) acceptor.listen(backlog, failed);
    if (failed) return fmt::format("port: cannot listen on {}:{} ({}); choose another", host, wanted, failed.message());
    listeners.push_back({std::move(acceptor), {implicitTls, !listeners.empty()}});
    return {};
  }
};

Relay::Relay(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}

Relay::~Relay() = default;

unsigned short Relay::port() const { return engine_->listeners.front().port(); }

unsigned short Relay::otherPort() const { return engine_->listeners.size() > 1 ? engine_->listeners[1].port() : 0; }

std::chrono::milliseconds Relay::waited() const {
  std::chrono::milliseconds all{0};
  for (const auto& worker : engine_->workers) all += std::chrono::milliseconds(worker->waited.load());
  return all;
}

std::optional<Problem> Relay::reload(const std::string& text) {
  auto loaded = loadTenancy(text, engine_->tenancyFolder);
  if (auto* problem = std::get_if<Problem>(&loaded)) return std::move(*problem);
  auto& tenancy = std::get<Tenancy>(loaded);
  const Service& service = engine_->service;
  if (service.conduct.faults.afterReload != nullptr) service.conduct.faults.afterReload(service.tenancy, tenancy);
  service.reloaded->give(std::move(tenancy));
  return std::nullopt;
}

std::variant<std::unique_ptr<Relay>, Problem> Relay::start(const Options& options) {
  auto engine = std::make_unique<Engine>();

  auto tenancy = loadTenancy(options.tenancy, options.tenancyFolder);
  if (auto* problem = std::get_if<Problem>(&tenancy)) return std::move(*problem);
  const auto denyStage = choose("denyStage", options.denyStage, denyStages);
  if (const auto* problem = std::get_if<Problem>(&denyStage)) return *problem;
  const auto refuseUntrusted = choose("untrusted", options.untrusted, untrustedChoices);
  if (const auto* problem = std::get_if<Problem>(&refuseUntrusted)) return *problem;
  const auto refusal = choose("refusal", options.refusal, refusals);
  if (const auto* problem = std::get_if<Problem>(&refusal)) return *problem;
  const auto denyReply = choose("denyReply", options.denyReply, denyReplies);
  if (const auto* problem = std::get_if<Problem>(&denyReply)) return *problem;
  auto revocationLists = readAllLists(options.revocationLists);
  if (auto* problem = std::get_if<Problem>(&revocationLists)) return std::move(*problem);
  const auto nextHop = resolve("nextHop", options.nextHop);
  if (const auto* problem = std::get_if<Problem>(&nextHop)) return *problem;
  const auto localHop = resolve("localHop", options.localHop);
  if (const auto* problem = std::get_if<Problem>(&localHop)) return *problem;
  if (options.tenantHeader.find_first_of(": \r\n") != std::string::npos || options.tenantHeader.empty())
    return Problem{"tenantHeader: must be the name of a header, without a colon"};

  Conduct conduct;
  conduct.behaviour = options.behaviour;
  conduct.denyStage = std::get<DenyStage>(denyStage);
  conduct.denyReply = std::get<DenyReply>(denyReply);
  if (!options.bug.empty()) {
    const std::vector<KnownBug> bugs = knownBugs();
    const auto bug = std::ranges::find(bugs, options.bug, &KnownBug::name);
    if (bug == bugs.end()) return Problem{fmt::format("bug: \"{}\" is unknown; list the known ones", options.bug)};
    bug->put(conduct);
  }

  Manner manner;
  if (!options.manner.empty()) {
    const auto found = std::ranges::find(manners(), options.manner, &Manner::name);
    if (found == manners().end())
      return Problem{fmt::format("manner: \"{}\" is unknown; list the known ones", options.manner)};
    manner = *found;
  }
  if (manner.resumesExpired) {
    conduct.behaviour.resumption = Resumption::originalIdentity;
    conduct.behaviour.resumesExpired = true;
  }

  engine->tenancyFolder = options.tenancyFolder;
  const bool refuses = std::get<bool>(refuseUntrusted) || manner.strictX509;
  const auto how = std::get<Refusal>(refusal);
  engine->service = {std::get<Tenancy>(std::move(tenancy)), conduct, options.tenantHeader, manner};
  engine->trust = {conduct, refuses && how == Refusal::alert, options.renegotiates};
  const TrustBase base{engine->service.tenancy.trustAnchors,
                       std::get<std::vector<RevocationList>>(std::move(revocationLists))};
  const auto context = makeTlsContext(base, makeServerIdentity(serverName), engine->trust);
  if (const auto* problem = std::get_if<Problem>(&context)) return *problem;
  SSL_CTX* const shared = std::get<TlsContext>(context).get();
  if (manner.strictX509) X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(shared), X509_V_FLAG_X509_STRICT);
  if (manner.onlyTls12) SSL_CTX_set_max_proto_version(shared, TLS1_2_VERSION);
  if (!manner.tickets) {
    SSL_CTX_set_options(shared, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(shared, 0);
    SSL_CTX_set_session_cache_mode(shared, SSL_SESS_CACHE_OFF);
  }
  for (unsigned i = 0; i < std::max(options.threads, 1U); ++i)
    engine->workers.push_back(std::make_unique<Worker>(engine->service, how, refuses, shared,
                                                       std::get<std::optional<tcp::endpoint>>(nextHop),
                                                       std::get<std::optional<tcp::endpoint>>(localHop)));
  if (std::string why = engine->listen(options.host, options.port, options.implicitTls); !why.empty())
    return Problem{std::move(why)};
  if (options.otherPort)
    if (std::string why = engine->listen(options.host, *options.otherPort, !options.implicitTls); !why.empty())
      return Problem{std::move(why)};

  for (Listener& listener : engine->listeners)
    asio::co_spawn(engine->workers.front()->io, engine->accept(listener), asio::detached);
  for (const auto& worker : engine->workers)
    worker->thread = std::thread([raw = worker.get()] {
      const auto keepRunning = asio::make_work_guard(raw->io);
      raw->io.run();
    });
  return std::unique_ptr<Relay>(new Relay(std::move(engine)));
}

}  // namespace relayproof::reference
