#!/bin/bash -eu
# Builds the fuzz targets for ClusterFuzzLite and OSS-Fuzz, whose variables it honours: CC, CXX, CFLAGS, CXXFLAGS,
# LIB_FUZZING_ENGINE, OUT, SRC, WORK. What a target needs when it runs lies beside it in $OUT. The targets that ask a
# vendor's matcher are left out: it is not here.
cd "$(dirname "$0")/.."
[ -d "${SRC:-}/relayproof" ] && cd "$SRC/relayproof"
build=${WORK:-/tmp}/fuzz

# The engine's flags come with CFLAGS. The libraries of the system are made for the system's C++ library.
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=None -DRELAYPROOF_FUZZ=ON \
  -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=5 \
  -DCMAKE_C_COMPILER="$CC" -DCMAKE_CXX_COMPILER="$CXX" \
  -DCMAKE_C_FLAGS="${CFLAGS:-}" -DCMAKE_CXX_FLAGS="${CXXFLAGS//-stdlib=libc++/}"
cmake --build "$build" --target own_fuzzers

mkdir -p "$OUT/lib"
for target in "$build"/*_fuzzer; do
  case $target in
    */vendor_*) continue ;;
  esac
  cp "$target" "$target.dict" "$target.options" "${target}_seed_corpus.zip" "$OUT"
  ldd "$target" | awk '/=> \// && !/\/(libc|libm|libdl|libpthread|librt|libresolv|ld-linux[^/]*)\.so/ { print $3 }' |
    xargs -r cp -n -t "$OUT/lib"
done
