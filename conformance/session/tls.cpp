#include "conformance/session/tls.h"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <array>
#include <cstring>
#include <utility>

#include "certs/certificate_walk.h"
#include "conformance/session/proof.h"

namespace relayproof::session {
namespace {

struct FreeAny {
  void operator()(BIGNUM* number) const { BN_clear_free(number); }
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
  void operator()(OSSL_PARAM* parameters) const { OSSL_PARAM_free(parameters); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
/// The reason of the last fault in OpenSSL's queue, which is left empty.
std::string lastFault() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "unknown fault" : reason;
}

Certificate read(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* const end = at + der.size();
  Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  return at == end ? std::move(certificate) : nullptr;
}

bool isEncodedAs(const X509* certificate, const std::string& der) {
  unsigned char* octets = nullptr;
  const int size = i2d_X509(certificate, &octets);
  const bool same =
      size > 0 && std::string_view(reinterpret_cast<char*>(octets), static_cast<std::size_t>(size)) == der;
  OPENSSL_free(octets);
  return same;
}

/// Each value of a Name replaced by a text of its length that decodes; `name` is a part of `der`.
void makeReadable(std::string_view name, std::string& der, const char* begin) {
  constexpr char kUtf8String = 12;
  const auto attributes = certs::walkName(name);
  if (!attributes) return;
  for (const certs::AttributeView& attribute : *attributes) {
    const std::size_t size = attribute.octets.size(), header = size < 0x80 ? 2 : size < 0x100 ? 3 : 4;
    const auto at = static_cast<std::size_t>(attribute.octets.data() - begin);
    der[at - header] = kUtf8String;
    der.replace(at, size, size, 'a');
  }
}

/// OpenSSL reads no certificate whose subject holds text that does not decode, and sends the octets of a subject as
/// they came. So it reads another text, and finds the right octets in its place when it sends them.
Certificate readWithAnotherSubject(const std::string& der) {
  const auto walked = certs::walkCertificate(der);
  if (!walked) return nullptr;
  std::string readable = der;
  makeReadable(walked->subject, readable, der.data());
  Certificate certificate = read(readable);
  const unsigned char* octets = nullptr;
  std::size_t size = 0;
  if (certificate == nullptr || X509_NAME_get0_der(X509_get_subject_name(certificate.get()), &octets, &size) != 1 ||
      size != walked->subject.size())
    return nullptr;
  std::memcpy(const_cast<unsigned char*>(octets), walked->subject.data(), size);
  i2d_re_X509_tbs(certificate.get(), nullptr);
  return isEncodedAs(certificate.get(), der) ? std::move(certificate) : nullptr;
}

Certificate parseCertificate(const std::string& der) {
  if (Certificate certificate = read(der)) return certificate;
  const unsigned long fault = ERR_peek_last_error();
  Certificate certificate = readWithAnotherSubject(der);
  ERR_clear_error();
  if (certificate == nullptr) ERR_raise(ERR_GET_LIB(fault), ERR_GET_REASON(fault));
  return certificate;
}

/// The usual form of a P-256 key (RFC 5958 around RFC 5915, the curve named), read by its places: OpenSSL's decoders
/// take ten times as long, a quarter of a handshake. Null for every other form.
Key parseP256Key(const std::string& der) {
  static constexpr std::string_view kBeforeScalar(
      "\x30\x81\x87\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x04"
      "\x6d"
      "\x30\x6b\x02\x01\x01\x04\x20",
      36);
  static constexpr std::string_view kBeforePoint("\xa1\x44\x03\x42\x00", 5);
  constexpr std::size_t kScalar = 32, kPoint = 65;
  if (der.size() != kBeforeScalar.size() + kScalar + kBeforePoint.size() + kPoint || !der.starts_with(kBeforeScalar) ||
      der.compare(kBeforeScalar.size() + kScalar, kBeforePoint.size(), kBeforePoint) != 0) {
    return nullptr;
  }
  std::string point = der.substr(der.size() - kPoint);
  const auto* octets = reinterpret_cast<const unsigned char*>(der.data()) + kBeforeScalar.size();
  const std::unique_ptr<BIGNUM, FreeAny> scalar(BN_bin2bn(octets, kScalar, nullptr));
  const std::unique_ptr<OSSL_PARAM_BLD, FreeAny> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar.get());
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  const std::unique_ptr<OSSL_PARAM, FreeAny> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const std::unique_ptr<EVP_PKEY_CTX, FreeAny> maker(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(maker.get()) != 1 ||
      EVP_PKEY_fromdata(maker.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) != 1) {
    return nullptr;
  }
  return Key(key);
}

Key parseKey(const std::string& der) {
  if (Key key = parseP256Key(der)) return key;
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  return Key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())));
}

/// RFC 8446 6, and those of RFC 5246 that servers still send.
std::string alertName(unsigned description) {
  static constexpr std::pair<unsigned, const char*> kNames[] = {
      {0, "close_notify"},
      {10, "unexpected_message"},
      {20, "bad_record_mac"},
      {21, "decryption_failed"},
      {22, "record_overflow"},
      {40, "handshake_failure"},
      {42, "bad_certificate"},
      {43, "unsupported_certificate"},
      {44, "certificate_revoked"},
      {45, "certificate_expired"},
      {46, "certificate_unknown"},
      {47, "illegal_parameter"},
      {48, "unknown_ca"},
      {49, "access_denied"},
      {50, "decode_error"},
      {51, "decrypt_error"},
      {70, "protocol_version"},
      {71, "insufficient_security"},
      {80, "internal_error"},
      {86, "inappropriate_fallback"},
      {90, "user_canceled"},
      {100, "no_renegotiation"},
      {109, "missing_extension"},
      {110, "unsupported_extension"},
      {112, "unrecognized_name"},
      {113, "bad_certificate_status_response"},
      {115, "unknown_psk_identity"},
      {116, "certificate_required"},
      {120, "no_application_protocol"},
  };
  for (const auto& [number, name] : kNames) {
    if (number == description) return name;
  }
  return fmt::format("alert {}", description);
}

std::size_t number(std::string_view octets, std::size_t at, std::size_t width) {
  std::size_t value = 0;
  for (const char c : octets.substr(at, width)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

/// The DER certificates of a Certificate message: RFC 5246 7.4.2, RFC 8446 4.4.2 (a context first, and extensions
/// behind each certificate).
std::vector<std::string> certificatesIn(std::string_view message, bool tls13) {
  constexpr std::size_t kHeader = 4, kLength = 3, kExtensionsLength = 2;
  std::vector<std::string> chain;
  std::size_t at = kHeader;
  if (tls13) at += 1 + number(message, at, 1);
  at += kLength;
  while (at + kLength <= message.size()) {
    const std::size_t size = number(message, at, kLength);
    at += kLength;
    if (at + size > message.size()) break;
    chain.emplace_back(message.substr(at, size));
    at += size;
    if (tls13 && at + kExtensionsLength <= message.size())
      at += kExtensionsLength + number(message, at, kExtensionsLength);
  }
  return chain;
}

std::string nameText(const X509_NAME* name) {
  const std::unique_ptr<BIO, FreeAny> bio(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

int keylogSlot() {
  static const int slot = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return slot;
}

void writeKeylog(const SSL* ssl, const char* line) {
  auto* file = static_cast<std::FILE*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), keylogSlot()));
  std::fputs(fmt::format("{}\n", line).c_str(), file);
  std::fflush(file);
}

int acceptAnyServer(X509_STORE_CTX*, void*) { return 1; }

void present(SSL* ssl, const Presented& as) {
  if (as.leaf == nullptr) return;
  SSL_use_certificate(ssl, as.leaf);
  SSL_use_PrivateKey(ssl, as.key);
  SSL_set1_chain(ssl, as.chain);
}

Error identityError(const Identity& identity, const std::string& problem) {
  return Error("certificate " + identity.id, "", problem, "");
}

}  // namespace

Contexts::Contexts(const Target& target) : target_(target) {
  if (!target.keylogFile.empty()) keylog_.reset(std::fopen(target.keylogFile.c_str(), "a"));
}

Expected<Presented> Contexts::of(const std::shared_ptr<const Identity>& identity) {
  if (context_ == nullptr) {
    if (std::optional<Error> error = makeContext()) return *error;
  }
  if (identity == nullptr || identity->chain.empty()) return Presented{.context = context_.get()};
  Parsed& known = identities_[identity];
  if (known.key == nullptr) {
    Expected<Parsed> parsed = parse(*identity);
    if (!parsed) return parsed.error();
    known = std::move(*parsed);
  }
  return Presented{context_.get(), known.leaf.get(), known.chain.get(), known.key.get()};
}

std::optional<Error> Contexts::makeContext() {
  ERR_clear_error();
  Context context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_NO_AUTO_CHAIN | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION);
#ifdef SSL_OP_NO_TX_CERTIFICATE_COMPRESSION
  // From OpenSSL 3.2 on: the chain leaves as it is, or nobody could compare it with the fixture.
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TX_CERTIFICATE_COMPRESSION);
#endif
  if (keylog_ != nullptr) {
    SSL_CTX_set_ex_data(context.get(), keylogSlot(), keylog_.get());
    SSL_CTX_set_keylog_callback(context.get(), writeKeylog);
  }
  if (target_.serverAnchors.empty()) {
    SSL_CTX_set_cert_verify_callback(context.get(), acceptAnyServer, nullptr);
  } else {
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    for (const std::string& der : target_.serverAnchors) {
      X509* anchor = parsedOnce(der);
      if (anchor == nullptr || X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), anchor) != 1) {
        return Error("serverCa", "", "OpenSSL cannot load an anchor: " + lastFault(), "");
      }
    }
  }
  context_ = std::move(context);
  return std::nullopt;
}

std::vector<std::string> subjectNames(const std::vector<std::string>& certificates) {
  std::vector<std::string> names;
  for (const std::string& der : certificates)
    if (const Certificate certificate = parseCertificate(der))
      names.push_back(nameText(X509_get_subject_name(certificate.get())));
  return names;
}

X509* Contexts::parsedOnce(const std::string& der) {
  Certificate& certificate = shared_[der];
  if (certificate == nullptr) certificate = parseCertificate(der);
  return certificate.get();
}

/// The chain in the order in which it is given, duplicates and all.
Expected<Contexts::Parsed> Contexts::parse(const Identity& identity) {
  ERR_clear_error();
  Parsed parsed{parseCertificate(identity.chain.front()), Chain(sk_X509_new_null()), parseKey(identity.key)};
  // Here it is found out what OpenSSL takes; a connection takes the same.
  const std::unique_ptr<SSL, Free> trial(SSL_new(context_.get()));
  bool taken = parsed.leaf != nullptr && SSL_use_certificate(trial.get(), parsed.leaf.get()) == 1;
  std::size_t at = 1;
  for (; taken && at < identity.chain.size(); ++at) {
    X509* issuer = parsedOnce(identity.chain[at]);
    taken = issuer != nullptr && X509_up_ref(issuer) == 1 && sk_X509_push(parsed.chain.get(), issuer) > 0;
  }
  if (!taken || SSL_set1_chain(trial.get(), parsed.chain.get()) != 1) {
    return identityError(identity, fmt::format("OpenSSL cannot load certificate {} of the chain: {}", at, lastFault()));
  }
  if (parsed.key != nullptr && identity.proof != Identity::Proof::right)
    parsed.key.reset(keyThatProves(parsed.key.get(), identity.proof));
  if (parsed.key == nullptr || SSL_use_PrivateKey(trial.get(), parsed.key.get()) != 1) {
    return identityError(identity, "OpenSSL cannot load the private key: " + lastFault());
  }
  return parsed;
}

Tls::Tls(SSL_CTX* context) : ssl_(SSL_new(context)) {
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_msg_callback(ssl_.get(), watch);
  SSL_set_msg_callback_arg(ssl_.get(), this);
}

std::unique_ptr<Tls> Tls::client(const Presented& as, const std::string& version,
                                 const std::optional<std::string>& sni) {
  std::unique_ptr<Tls> tls(new Tls(as.context));
  SSL* ssl = tls->ssl_.get();
  present(ssl, as);
  SSL_set_connect_state(ssl);
  const int only = version == "1.2" ? TLS1_2_VERSION : version == "1.3" ? TLS1_3_VERSION : 0;
  if (only != 0) {
    SSL_set_min_proto_version(ssl, only);
    SSL_set_max_proto_version(ssl, only);
  }
  if (sni) {
    SSL_set_tlsext_host_name(ssl, sni->c_str());
    X509_VERIFY_PARAM_set1_host(SSL_get0_param(ssl), sni->data(), sni->size());
  }
  return tls;
}

void Tls::askFor(const std::string& name) { SSL_set_tlsext_host_name(ssl_.get(), name.c_str()); }

std::unique_ptr<Tls> Tls::server(SSL_CTX* context) {
  std::unique_ptr<Tls> tls(new Tls(context));
  SSL_set_accept_state(tls->ssl_.get());
  return tls;
}

void Tls::offer(SSL_SESSION* session) { SSL_set_session(ssl_.get(), session); }

void Tls::refuseTickets() { SSL_set_options(ssl_.get(), SSL_OP_NO_TICKET); }

void Tls::offerPostHandshake() { SSL_set_post_handshake_auth(ssl_.get(), 1); }

void Tls::renegotiate(const Presented& as) {
  SSL_clear_options(ssl_.get(), SSL_OP_NO_RENEGOTIATION);
  presentFromNowOn(as);
  SSL_renegotiate(ssl_.get());
}

void Tls::presentFromNowOn(const Presented& as) {
  SSL_certs_clear(ssl_.get());
  present(ssl_.get(), as);
  answered_ = false;
  seen_.chainSent.clear();
  seen_.certificateRequested = false;
}

TlsSession Tls::session() const {
  SSL_SESSION* last = SSL_get0_session(ssl_.get());
  if (last == nullptr || SSL_SESSION_is_resumable(last) != 1) return nullptr;
  return TlsSession(SSL_SESSION_dup(last));
}

void Tls::feed(std::string_view octets) {
  BIO_write(SSL_get_rbio(ssl_.get()), octets.data(), static_cast<int>(octets.size()));
}

std::string Tls::takeOutput() {
  BIO* bio = SSL_get_wbio(ssl_.get());
  char* octets = nullptr;
  const long size = BIO_get_mem_data(bio, &octets);
  std::string output(octets, static_cast<std::size_t>(size));
  BIO_reset(bio);
  return output;
}

Tls::State Tls::handshake() {
  ERR_clear_error();
  const State state = stateAfter(SSL_do_handshake(ssl_.get()));
  if (state == State::handshaking) return state;
  seen_.version = SSL_get_version(ssl_.get());
  seen_.resumed = SSL_session_reused(ssl_.get()) == 1;
  seen_.authorities.clear();
  if (const STACK_OF(X509_NAME)* names = SSL_get0_peer_CA_list(ssl_.get()); names != nullptr) {
    for (int at = 0; at < sk_X509_NAME_num(names); ++at) {
      seen_.authorities.push_back(nameText(sk_X509_NAME_value(names, at)));
    }
  }
  return state;
}

Tls::State Tls::read(std::string& plain) {
  std::array<char, 4096> chunk;
  while (true) {
    ERR_clear_error();
    const int size = SSL_read(ssl_.get(), chunk.data(), static_cast<int>(chunk.size()));
    if (size <= 0) {
      const State state = stateAfter(size);
      writeWhatWaits();
      return state;
    }
    plain.append(chunk.data(), static_cast<std::size_t>(size));
  }
}

void Tls::write(std::string_view plain) {
  waiting_ += plain;
  writeWhatWaits();
}

void Tls::writeWhatWaits() {
  if (waiting_.empty()) return;
  ERR_clear_error();
  // Into memory all is written or nothing.
  if (SSL_write(ssl_.get(), waiting_.data(), static_cast<int>(waiting_.size())) > 0) waiting_.clear();
}

void Tls::sayGoodbye() {
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
}

Tls::State Tls::stateAfter(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_NONE:
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return SSL_is_init_finished(ssl_.get()) ? State::open : State::handshaking;
    case SSL_ERROR_ZERO_RETURN:
      return State::closed;
    default:
      why_ = lastFault();
      if (const long verified = SSL_get_verify_result(ssl_.get());
          verified != X509_V_OK && !seen_.alert && SSL_get_verify_mode(ssl_.get()) != SSL_VERIFY_NONE) {
        why_ += std::string(": ") + X509_verify_cert_error_string(verified);
      }
      return State::failed;
  }
}

void Tls::watch(int sent, int, int type, const void* octets, std::size_t size, SSL* ssl, void* self) {
  constexpr unsigned char kCertificate = 11, kCertificateRequest = 13, kFatal = 2, kNoRenegotiation = 100;
  auto& tls = *static_cast<Tls*>(self);
  const std::string_view message(static_cast<const char*>(octets), size);
  const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(message[at]); };
  if (type == SSL3_RT_HANDSHAKE && size > 0) {
    if (sent == 1 && octet(0) == kCertificate) {
      tls.answered_ = true;
      tls.seen_.chainSent = certificatesIn(message, SSL_version(ssl) == TLS1_3_VERSION);
    }
    if (sent == 0 && octet(0) == kCertificateRequest) tls.seen_.certificateRequested = true;
  }
  if (type == SSL3_RT_ALERT && sent == 0 && size == 2) {
    // TLS 1.3 ignores the level: all but close_notify and user_canceled are fatal (RFC 8446 6).
    // That of a refused renegotiation is a warning in TLS 1.2, and the end all the same.
    const bool fatal = octet(0) == kFatal || octet(1) == kNoRenegotiation ||
                       (SSL_version(ssl) == TLS1_3_VERSION && octet(1) != 0 && octet(1) != 90);
    if (fatal) tls.seen_.alert = alertName(octet(1));
  }
}

}  // namespace relayproof::session
