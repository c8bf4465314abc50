#include "fuzz/dictionary.h"

#include <gtest/gtest.h>

#include "certs/der.h"

namespace relayproof::fuzz {
namespace {

using Words = std::vector<std::string>;

TEST(Dictionary, WordsOfText) {
  EXPECT_EQ(textWords("RCPT TO:<a@b>\r\n"),
            (Words{"RCPT", " ", "TO", ":<", "a", "@", "b", ">\r\n", "RCPT ", "TO:<", "a@", "b>\r\n"}));
  EXPECT_EQ(textWords(""), Words{});
}

TEST(Dictionary, WordsOfDer) {
  using namespace certs::der;
  const std::string identifier = oid("2.5.4.3"), text = tlv(0x0C, "a");
  const std::string pair = sequence({identifier, text});
  EXPECT_EQ(derWords(pair), (Words{pair, identifier, text}));
  EXPECT_EQ(derWords(tlv(kOctetString, pair)), (Words{tlv(kOctetString, pair), pair, identifier, text}));
  EXPECT_EQ(derWords(sequence({tlv(0x0C, std::string(100, 'a')), text})), Words{text});
  EXPECT_EQ(derWords("no DER"), Words{});
}

TEST(Dictionary, WhatMostSeedsHoldStandsFirst) {
  EXPECT_EQ(dictionaryOf({"a.b", "b.c", "b"}, textWords), "\"b\"\n\".\"\n");
  EXPECT_EQ(dictionaryOf({"\"\\", "\"\\a"}, textWords), "\"\\x22\\x5c\"\n");
  EXPECT_EQ(dictionaryOf({std::string("\0\x01", 2), std::string("\0\xff", 2)}, octetWords), "\"\\x00\"\n");
}

TEST(Dictionary, HasAnEnd) {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += std::to_string(i) + ".";
  const std::string text = dictionaryOf({many, many + "x"}, textWords);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 256);
}

}  // namespace
}  // namespace relayproof::fuzz
