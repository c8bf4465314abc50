// Under ASan everything is several times as slow, and memory faults show early: there tests look at less.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define RELAYPROOF_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RELAYPROOF_SANITIZED true
#endif
#endif
#ifndef RELAYPROOF_SANITIZED
#define RELAYPROOF_SANITIZED false
#endif

namespace relayproof {
inline constexpr bool kSanitized = RELAYPROOF_SANITIZED;
}
