#include "certs/set_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>

namespace relayproof::certs {
namespace {

namespace fs = std::filesystem;

Error failed(const fs::path& path, std::string_view what, int code) {
  return Error(path.string(), {}, fmt::format("{}: {}", what, std::strerror(code)), {});
}

std::optional<Error> writeFile(const fs::path& path, const SetFile& file) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file.secret ? 0600 : 0644);
  if (descriptor < 0) return failed(path, "cannot be made", errno);
  std::string_view rest = file.octets;
  int code = 0;
  while (!rest.empty() && code == 0) {
    const ssize_t written = ::write(descriptor, rest.data(), rest.size());
    if (written >= 0)
      rest.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR)
      code = errno;
  }
  if (::close(descriptor) != 0 && code == 0) code = errno;
  if (code != 0) return failed(path, "cannot be written", code);
  return std::nullopt;
}

// Owns the folder that is being filled, and takes it away unless it was put in its place.
struct Scaffold {
  fs::path path;
  ~Scaffold() {
    std::error_code ignored;
    if (!path.empty()) fs::remove_all(path, ignored);
  }
};

void addSummed(const Json& list, std::set<std::string>& names) {
  if (!list.is_array()) return;
  for (const Json& entry : list)
    if (entry.is_object() && entry.contains("sha256") && entry["sha256"].is_object())
      for (const auto& [name, sum] : entry["sha256"].items()) names.insert(name);
}

// The files of the set that a folder holds; nullopt: it holds none.
std::optional<std::set<std::string>> filesOfSet(const fs::path& folder) {
  const auto text = readFile((folder / "manifest.json").string());
  const Json manifest = text ? Json::parse(*text, nullptr, false) : Json();
  if (!manifest.is_object() || manifest.value("schema", Json()) != "relayproof.fixtures/1") return std::nullopt;
  std::set<std::string> names = {"manifest.json", "README.md"};
  for (const char* list : {"certificates", "authorities"}) addSummed(manifest.value(list, Json()), names);
  return names;
}

// A whole set may be replaced, and nothing that somebody else has put beside it.
std::optional<Error> refuseToReplace(const fs::path& folder) {
  const auto names = filesOfSet(folder);
  if (!names) return Error(folder.string(), {}, "holds something else than a fixture set", "name another folder");
  std::error_code code;
  for (fs::recursive_directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code))
    if (entry->is_symlink(code) || !entry->is_directory(code))
      if (!names->contains(entry->path().lexically_relative(folder).string()))
        return Error(entry->path().string(), {}, "is no file of the earlier set",
                     "move it away, or name another folder");
  if (code) return failed(folder, "cannot be read", code.value());
  return std::nullopt;
}

std::optional<Error> fill(const fs::path& folder, const std::vector<SetFile>& files) {
  for (const SetFile& file : files) {
    const fs::path path = folder / file.name;
    std::error_code code;
    fs::create_directories(path.parent_path(), code);
    if (code) return failed(path.parent_path(), "cannot be made", code.value());
    if (auto error = writeFile(path, file)) return error;
  }
  return std::nullopt;
}

// rename(2) takes an empty folder's place by itself; a full one steps aside first and comes back where that fails.
std::optional<Error> putInPlace(Scaffold& scaffold, const fs::path& target, bool replacing) {
  Scaffold old;
  if (replacing) {
    const fs::path aside = fmt::format("{}.old-{}", target.string(), ::getpid());
    if (::rename(target.c_str(), aside.c_str()) != 0) return failed(target, "cannot be replaced", errno);
    old.path = aside;
  }
  if (::rename(scaffold.path.c_str(), target.c_str()) != 0) {
    Error error = failed(target, "cannot be put in place", errno);
    if (replacing && ::rename(old.path.c_str(), target.c_str()) == 0) old.path.clear();
    return error;
  }
  scaffold.path.clear();
  return std::nullopt;
}

}  // namespace

Expected<std::size_t> writeFolder(const std::string& folder, const std::vector<SetFile>& files, bool force) {
  std::error_code code;
  fs::path target = fs::weakly_canonical(folder, code);
  if (folder.empty() || code) return Error(folder, {}, "is no path that can be written to", "name a folder");
  if (!target.has_filename()) target = target.parent_path();

  const fs::file_status status = fs::status(target, code);
  const bool there = fs::exists(status);
  if (there && !fs::is_directory(status)) return Error(target.string(), {}, "is a file", "name a folder");
  const bool full = there && !fs::is_empty(target, code);
  if (code && there) return failed(target, "cannot be read", code.value());
  if (full && !force)
    return Error(target.string(), {}, "is not empty", "name another folder, or give --force to replace an earlier set");
  if (full)
    if (const auto error = refuseToReplace(target)) return *error;

  fs::create_directories(target.parent_path(), code);
  Scaffold scaffold;
  const fs::path beside = fmt::format("{}.new-{}", target.string(), ::getpid());
  if (::mkdir(beside.c_str(), 0777) != 0) return failed(beside, "cannot be made", errno);
  scaffold.path = beside;
  if (const auto error = fill(scaffold.path, files)) return *error;
  if (const auto error = putInPlace(scaffold, target, full)) return *error;
  return files.size();
}

Expected<std::size_t> writeSet(const std::string& folder, const FixtureSet& set, const Mint& mint, bool withPkcs12,
                               bool force) {
  const auto files = filesOf(set, mint, withPkcs12);
  return files ? writeFolder(folder, *files, force) : Expected<std::size_t>(files.error());
}

}  // namespace relayproof::certs
