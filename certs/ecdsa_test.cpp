#include "certs/ecdsa.h"

#include <gmock/gmock.h>

#include "certs/der.h"

namespace relayproof::certs {
namespace {

std::string unhex(std::string_view digits) {
  std::string octets;
  for (std::size_t i = 0; i < digits.size(); i += 2)
    octets.push_back(static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
  return octets;
}

std::string signature(std::string_view r, std::string_view s) {
  return der::sequence({der::unsignedInteger(unhex(r)), der::unsignedInteger(unhex(s))});
}

TEST(Ecdsa, VectorsOfRfc6979ForP256) {
  const EcKey key(Curve::p256, unhex("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"));
  EXPECT_EQ(hex(key.point()),
            "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
            "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
  EXPECT_EQ(key.sign("sample"), signature("EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
                                          "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"));
  EXPECT_EQ(key.sign("test"), signature("F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367",
                                        "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083"));
}

TEST(Ecdsa, VectorsOfRfc6979ForP384) {
  const EcKey key(Curve::p384, unhex("6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8"
                                     "96D5724E4C70A825F872C9EA60D2EDF5"));
  EXPECT_EQ(key.sign("sample"), signature("94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C"
                                          "81A648152E44ACF96E36DD1E80FABE46",
                                          "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94F"
                                          "A329C145786E679E7B82C71A38628AC8"));
  EXPECT_EQ(key.sign("test"), signature("8203B63D3C853E8D77227FB377BCF7B7B772E97892A80F36AB775D509D7A5FEB"
                                        "0542A7F0812998DA8F1DD3CA3CF023DB",
                                        "DDD0760448D42D8A43AF45AF836FCE4DE8BE06B485E9B61B827C2F13173923E0"
                                        "6A739F040649A667BF3B828246BAA5A5"));
}

TEST(Ecdsa, ScalarsOutsideTheOrderAreRefused) {
  EXPECT_THROW(EcKey(Curve::p256, std::string(32, '\0')), std::invalid_argument);
  EXPECT_THROW(EcKey(Curve::p256, std::string(32, '\xff')), std::invalid_argument);
  EXPECT_THROW(EcKey(Curve::p256, unhex("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551")),
               std::invalid_argument);
}

TEST(DerivedOctets, AreAFunctionOfSeedAndLabel) {
  const std::string run = DerivedOctets(7, "a").take(100);
  DerivedOctets again(7, "a");
  std::string inPieces = again.take(1);
  inPieces += again.take(64);
  inPieces += again.take(35);
  EXPECT_EQ(inPieces, run);
  EXPECT_NE(DerivedOctets(8, "a").take(100), run);
  EXPECT_NE(DerivedOctets(7, "b").take(100), run);
}

// RFC 4231, test case 2.
TEST(Hmac, VectorOfRfc4231) {
  EXPECT_EQ(hex(hmac(Hash::sha256, "Jefe", {"what do ya want ", "for nothing?"})),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace relayproof::certs
