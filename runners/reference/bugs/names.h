#pragma once

#include <openssl/x509v3.h>

#include <functional>
#include <string>

#include "runners/reference/faults.h"

// What bugs need that misread a certificate.
namespace relayproof::reference::bugs {

std::string octetsOf(const ASN1_STRING* string);

// Visits each name of that type (GEN_…) in subjectAltName.
void eachAlternative(const X509* certificate, int type, const std::function<void(const GENERAL_NAME&)>& visit);

// Visits each name as text.
void eachText(CertificateNames& names, const std::function<void(std::string&)>& visit);

void addCommonNames(const X509_NAME* name, CertificateNames& names);

// All names of one more certificate.
void addNames(const X509* certificate, CertificateNames& names);

}  // namespace relayproof::reference::bugs
