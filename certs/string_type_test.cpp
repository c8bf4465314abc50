#include "certs/string_type.h"

#include <gmock/gmock.h>

namespace relayproof::certs {
namespace {

using namespace std::string_literals;

TEST(StringType, DecodesWhatItEncodes) {
  const std::u32string ascii = U"mail.names.test";
  const std::u32string latin = U"m\u00e9l";
  const std::u32string far = U"a\u20ac\U0001f4e7";
  for (const StringType type : {StringType::utf8, StringType::printable, StringType::teletex, StringType::ia5,
                                StringType::bmp, StringType::universal})
    EXPECT_EQ(decodeString(type, *encodeString(type, ascii)), ascii) << nameOf(type);
  EXPECT_EQ(decodeString(StringType::teletex, *encodeString(StringType::teletex, latin)), latin);
  EXPECT_EQ(decodeString(StringType::utf8, *encodeString(StringType::utf8, far)), far);
  EXPECT_EQ(decodeString(StringType::universal, *encodeString(StringType::universal, far)), far);
}

TEST(StringType, WhatATypeCannotHold) {
  EXPECT_FALSE(encodeString(StringType::ia5, U"\u0100"));
  EXPECT_FALSE(encodeString(StringType::bmp, U"\U00010000"));
  EXPECT_FALSE(encodeString(StringType::other, U"a"));
}

TEST(StringType, OctetsThatDoNotFitTheirType) {
  for (const std::string& octets : {"\xc0\x80"s, "\xe0\x80\x80"s, "\xed\xa0\x80"s, "\xf4\x90\x80\x80"s, "\xff"s,
                                    "\x80"s, "\xc3"s, "\xe2\x82"s, "\xf8\x88\x80\x80\x80"s, "\xc3("s})
    EXPECT_FALSE(decodeString(StringType::utf8, octets)) << escaped(octets);
  EXPECT_FALSE(decodeString(StringType::printable, "\xe9"));
  EXPECT_FALSE(decodeString(StringType::ia5, "\x80"));
  EXPECT_FALSE(decodeString(StringType::bmp, "\0a\0"s));
  EXPECT_FALSE(decodeString(StringType::bmp, "\xd8\x00"s));
  EXPECT_FALSE(decodeString(StringType::universal, "\0\0a"s));
  EXPECT_FALSE(decodeString(StringType::universal, "\0\x11\0\0"s));
  EXPECT_FALSE(decodeString(StringType::other, "a"));
}

TEST(StringType, NulsAreKept) {
  EXPECT_EQ(decodeString(StringType::printable, "a\0b"s), U"a\0b"s);
  EXPECT_EQ(decodeString(StringType::utf8, "a\0"s), U"a\0"s);
  EXPECT_EQ(decodeString(StringType::bmp, ""), U"");
}

TEST(Escaped, ShowsEveryOctetOnce) {
  EXPECT_EQ(escaped("a\0b\\\x7f\xc3\xa9\n ~"s), "a\\x00b\\\\\\x7F\\xC3\\xA9\\x0A ~");
}

}  // namespace
}  // namespace relayproof::certs
