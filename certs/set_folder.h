// Puts a fixture set on disk, whole or not at all.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "certs/fixture_set.h"

namespace relayproof::certs {

/// A folder that is being filled, out of sight until it is whole. Throws Error where the disk refuses.
class FolderInTheMaking {
 public:
  explicit FolderInTheMaking(std::string path) : path_(std::move(path)) {}

  /// A whole new file. From any thread.
  void put(const SetFile& file);
  /// More text of a file that grows; from one thread.
  void append(const std::string& name, std::string_view text);
  std::size_t fileCount() const { return count_; }

 private:
  std::string path_;
  std::atomic<std::size_t> count_ = 0;
};

/// Writes what `fill` puts beside `folder` and renames, so that neither an interruption nor a full disk leaves half a
/// set. A folder that is not empty is an Error and stays as it is; with `force` it is replaced whole, but only where it
/// holds an earlier fixture set. What processes that were killed at the same have left beside it goes too. Private keys
/// get mode 0600. Gives the number of files.
Expected<std::size_t> writeFolder(const std::string& folder, bool force,
                                  const std::function<void(FolderInTheMaking&)>& fill);

struct SetOptions {
  bool withPkcs12 = false;
  bool force = false;
  unsigned threads = 1;
  Judge judge{};
  std::function<bool()> stopped{};  ///< asked before each fixture, by several threads: true ends it with an Error
};

/// Mints the set into a folder: each fixture is written as soon as it is made.
Expected<std::size_t> writeSet(const std::string& folder, const FixtureSet& set, const Mint& mint,
                               const SetOptions& options);

}  // namespace relayproof::certs
